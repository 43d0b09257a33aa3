/** How often something may happen: so often at once, and then again and again after an interval. */
export interface Pace {
  readonly burst: number;
  /** Seconds. */
  readonly interval: number;
}

/** A pace by which at most so many happen within any hour: half of them at once, the other half spread over it. */
export function hourlyPace(most: number): Pace {
  return { burst: most / 2, interval: 7_200 / most };
}

/** Epoch seconds, with fractions: when everything is forgotten that happened. */
export type FreeAt = number;

/**
 * Lets one more happen, or says how long to wait (the generic cell rate algorithm, ITU-T I.371, annex A).
 * @param freeAt null where nothing has happened.
 * @returns seconds to wait, whole; 0 together with what to keep: it may happen.
 */
export function step(
  { burst, interval }: Pace,
  freeAt: FreeAt | null,
  now: number,
): { readonly wait: number; readonly freeAt: FreeAt } {
  const before = Math.max(freeAt ?? now, now);
  const wait = Math.ceil(before + interval - now - burst * interval);
  return wait > 0 ? { wait, freeAt: before } : { wait: 0, freeAt: before + interval };
}
