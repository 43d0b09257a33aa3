import { REPLAY_GRACE_SECONDS } from "../protocol/lifetimes.ts";

/**
 * Refresh tokens that take each other's place (RFC 9700 §4.14.2): what a row keeps of them, and how to tell a repeat
 * from theft. Times are epoch seconds.
 */
export interface Rotation {
  /** Null: there is none. */
  readonly refreshGeneration: number | null;
  /** When that generation was made by a rotation; null: it is the first. */
  readonly refreshRotatedAt: number | null;
  /** The attempt that last refreshed it. */
  readonly refreshAttempt: string | null;
}

/** A refresh token that was presented. */
export interface PresentedGeneration {
  readonly attemptId: string;
  readonly generation: number;
}

/**
 * Nothing is rotated twice: the same attempt finds the generation it made (ledger/README.md, rule 7). So does whoever
 * comes with the generation before shortly after it was rotated: an answer was lost, or two tabs refresh at once.
 */
export function isRepeat(rotation: Rotation, { attemptId, generation }: PresentedGeneration, now: number): boolean {
  if (rotation.refreshAttempt === attemptId) return true;
  const { refreshGeneration, refreshRotatedAt } = rotation;
  if (refreshGeneration === null || refreshRotatedAt === null) return false;
  return generation === refreshGeneration - 1 && now - refreshRotatedAt <= REPLAY_GRACE_SECONDS;
}

export function nextGeneration(
  { refreshGeneration, refreshRotatedAt }: Rotation,
  rotate: boolean,
  now: number,
): Pick<Rotation, "refreshGeneration" | "refreshRotatedAt"> {
  if (!rotate) return { refreshGeneration, refreshRotatedAt };
  return { refreshGeneration: (refreshGeneration ?? 0) + 1, refreshRotatedAt: now };
}
