import * as v from "valibot";

/** What a code that was sent is for; a code for one thing is worth nothing for another. */
export type CodePurpose = "sign_in" | "add_address";

/**
 * What a browser keeps, sealed, while its person looks for a code. INVARIANT: the key is nowhere else, so what is stored
 * of a code cannot be tried out by whoever gets hold of it.
 */
export interface EmailChallenge {
  readonly purpose: CodePurpose;
  readonly letterId: string;
  /** In its canonical form. */
  readonly address: string;
  /** The hash of the code is made with it. */
  readonly key: string;
  /** Hash of the visit that asked: no other browser has any use for the code. */
  readonly visit: string;
  /** When the code ends, epoch seconds. */
  readonly expiresAt: number;
}

/** An address whose code was entered, in the browser of one visit. */
export interface ProvenAddress {
  readonly address: string;
  readonly visit: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** The letter boxes that were proved in one browser. */
export interface KnownBrowser {
  readonly id: string;
  /** Their hashes, the last proved first. */
  readonly boxes: readonly string[];
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const Challenge = v.object({
  purpose: v.picklist(["sign_in", "add_address"]),
  letterId: v.string(),
  address: v.string(),
  key: v.string(),
  visit: v.string(),
  expiresAt: v.number(),
});
const Proven = v.object({ address: v.string(), visit: v.string(), expiresAt: v.number() });
const Known = v.object({ id: v.string(), boxes: v.array(v.string()), expiresAt: v.number() });

/**
 * @param statement what the seal gave, null when it did not open.
 * @returns null also where it is another browser's; one that has expired still says which address it was about.
 */
export function parseChallenge(statement: unknown, purpose: CodePurpose, visit: string): EmailChallenge | null {
  const parsed = v.safeParse(Challenge, statement);
  if (!parsed.success || parsed.output.purpose !== purpose) return null;
  return parsed.output.visit === visit ? parsed.output : null;
}

/** @returns null also where it has expired or is another browser's. */
export function parseProvenAddress(statement: unknown, visit: string, now: number): ProvenAddress | null {
  const parsed = v.safeParse(Proven, statement);
  if (!parsed.success || parsed.output.expiresAt <= now) return null;
  return parsed.output.visit === visit ? parsed.output : null;
}

/** @returns null also where it has expired. */
export function parseKnownBrowser(statement: unknown, now: number): KnownBrowser | null {
  const parsed = v.safeParse(Known, statement);
  return parsed.success && parsed.output.expiresAt > now ? parsed.output : null;
}
