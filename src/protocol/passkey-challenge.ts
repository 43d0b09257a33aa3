import * as v from "valibot";

/**
 * What a passkey is asked for. It is the challenge itself (WebAuthn §13.4.3), sealed: so nothing is stored for whoever
 * only looks at a page, and what comes back says in which browser, for whom and until when it counts.
 */
export type PasskeyChallenge = PasskeyPurpose & {
  /** The hash of the visit in which it was asked for (http/browser/visit.ts). */
  readonly visit: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
};

export type PasskeyPurpose =
  | { readonly kind: "sign_in" }
  /** For an account that is there once the passkey is. */
  | {
      readonly kind: "sign_up";
      readonly accountId: string;
      readonly name: string;
      /** One that a code has proved, which becomes theirs as well. */
      readonly address: string | null;
    }
  /** For an account that somebody is signed in to. */
  | { readonly kind: "add"; readonly accountId: string };

const EVERY = { visit: v.string(), expiresAt: v.number() };

const Statement = v.variant("kind", [
  v.object({ kind: v.literal("sign_in"), ...EVERY }),
  v.object({
    kind: v.literal("sign_up"),
    accountId: v.string(),
    name: v.string(),
    address: v.nullable(v.string()),
    ...EVERY,
  }),
  v.object({ kind: v.literal("add"), accountId: v.string(), ...EVERY }),
]);

/**
 * @param statement what the seal gave; null when it did not open.
 * @param visit hash of the visit in which it came back.
 * @returns null also for one of another browser, or that has expired.
 */
export function parsePasskeyChallenge(statement: unknown, visit: string, now: number): PasskeyChallenge | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success || parsed.output.visit !== visit) return null;
  return parsed.output.expiresAt > now ? parsed.output : null;
}
