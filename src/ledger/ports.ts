import type { TrustedIssuer } from "../protocol/claims.ts";

/** What the ledger asks of the world besides the record: just what it uses, so that anything that fits will do. */

/** Seals the claims that are kept, so that a copy of the storage tells nobody who was here. */
export interface ClaimsSealer {
  seal(purpose: "claims", statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here as claims. */
  open(purpose: "claims", sealed: string): Promise<unknown>;
}

/** Whose word counts at present. */
export interface TrustedIssuers {
  findByIssuer(issuer: string): Promise<TrustedIssuer | null>;
}
