import * as v from "valibot";

/**
 * Where somebody goes on to once they have signed in, and what the sign-in has to be like. It travels sealed, and its
 * path is made here, so nobody is ever sent to an address that a request named (RFC 9700 §4.11).
 */
export interface Continuation {
  /** Below the issuer, with its query; begins with a slash. */
  readonly path: string;
  readonly demand: SignInDemand;
  /** Who sent the person here, as a page names it; null: nobody did. */
  readonly app: string | null;
  /**
   * What `form-action` calls the app that the path may send on to at once (CSP Level 3 §6.4.2); null: it ends at a page of
   * ours.
   */
  readonly leadsTo: string | null;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** What a sign-in has to be like. */
export interface SignInDemand {
  /** The person must have proved who they are at this time or later, epoch seconds; null: any session will do. */
  readonly authenticatedSince: number | null;
  /** Whom the sender expects, to fill in a field with; proves nothing. */
  readonly loginHint: string | null;
  /** Whether a verified address is all that is asked for, so that nobody is talked into more. */
  readonly addressSuffices: boolean;
}

export const ANY_SIGN_IN: SignInDemand = { authenticatedSince: null, loginHint: null, addressSuffices: false };

const Statement = v.object({
  path: v.pipe(v.string(), v.startsWith("/")),
  demand: v.object({
    authenticatedSince: v.nullable(v.number()),
    loginHint: v.nullable(v.string()),
    addressSuffices: v.boolean(),
  }),
  app: v.nullable(v.string()),
  // Came later.
  leadsTo: v.optional(v.nullable(v.string()), null),
  expiresAt: v.number(),
});

/** @param statement what the seal gave, null when it did not open. @returns null also for one that has expired. */
export function parseContinuation(statement: unknown, now: number): Continuation | null {
  const parsed = v.safeParse(Statement, statement);
  return parsed.success && parsed.output.expiresAt > now ? parsed.output : null;
}

/** Whether a sign-in at this time, epoch seconds, is as recent as is asked for. */
export function isRecentEnough(demand: SignInDemand, authenticatedAt: number): boolean {
  return demand.authenticatedSince === null || authenticatedAt >= demand.authenticatedSince;
}
