import { MAX_NEED_ISSUERS } from "../shared/limits.ts";
import { mayState } from "./admissible-claims.ts";
import type { TrustedIssuer } from "./claims.ts";

/** What the directory knows of a trusted issuer. */
export type ListedIssuer = Pick<TrustedIssuer, "issuer" | "claims" | "emailDomains">;

/** What every ID Token says, so that any trusted issuer may. */
const SAID_BY_ALL = new Set(["sub", "auth_time"]);

/** All trusted issuers, by what they may speak for: whom it is worth to ask for a claim. */
export class IssuerDirectory {
  readonly #listed: ReadonlyMap<string, ListedIssuer>;

  /** @param listed in the order in which they are named. */
  constructor(listed: readonly ListedIssuer[]) {
    this.#listed = new Map(listed.map((one) => [one.issuer, one]));
  }

  /** The first issuers that may speak for a claim; more are never named. */
  first(claim: string): readonly string[] {
    const issuers: string[] = [];
    for (const [issuer, listed] of this.#listed) {
      if (mayTell(listed, claim)) issuers.push(issuer);
      if (issuers.length === MAX_NEED_ISSUERS) break;
    }
    return issuers;
  }

  /** Of these issuers, those that are trusted and may speak for a claim. */
  among(issuers: readonly string[], claim: string): readonly string[] {
    return issuers.filter((issuer) => {
      const listed = this.#listed.get(issuer);
      return listed !== undefined && mayTell(listed, claim);
    });
  }
}

function mayTell(listed: ListedIssuer, claim: string): boolean {
  if (SAID_BY_ALL.has(claim)) return true;
  if (!mayState(listed, claim)) return false;
  return claim !== "email" || listed.emailDomains === "all" || listed.emailDomains.length > 0;
}
