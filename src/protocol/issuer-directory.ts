import { MAX_NEED_ISSUERS } from "../shared/limits.ts";
import { mayState } from "./admissible-claims.ts";
import type { Speaker } from "./claims.ts";

/** What the directory knows of a trusted issuer. */
export type ListedIssuer = Speaker;

/** What every ID Token says, so that any trusted issuer may. */
const SAID_BY_ALL = new Set(["sub", "auth_time"]);

/** An issuer, and where it stands among all. */
interface Place {
  readonly position: number;
  readonly issuer: string;
}

/** The first who may speak for a claim, by its name; under null, those who may speak for all but e-mail addresses. */
type Speakers = ReadonlyMap<string | null, readonly Place[]>;

/** All trusted issuers, by what they may speak for: whom it is worth to ask for a claim. */
export class IssuerDirectory {
  readonly #listed: ReadonlyMap<string, ListedIssuer>;
  #speakers: Speakers | null = null;

  /** @param listed in the order in which they are named. */
  constructor(listed: readonly ListedIssuer[]) {
    this.#listed = new Map(listed.map((one) => [one.issuer, one]));
  }

  /**
   * The first issuers that may speak for a claim; more are never named.
   * INVARIANT: looked up and not searched for: a decision may miss thousands of claims (ledger/README.md, rule 11).
   */
  first(claim: string): readonly string[] {
    if (SAID_BY_ALL.has(claim)) return [...this.#listed.keys()].slice(0, MAX_NEED_ISSUERS);
    if (!mayState({ claims: "all" }, claim)) return [];
    this.#speakers ??= indexSpeakers(this.#listed);
    const forAll = claim === "email" ? [] : (this.#speakers.get(null) ?? []);
    const places = [...(this.#speakers.get(claim) ?? []), ...forAll].sort(
      (one, other) => one.position - other.position,
    );
    return places.slice(0, MAX_NEED_ISSUERS).map(({ issuer }) => issuer);
  }

  /** Of these issuers, those that are trusted and may speak for a claim. */
  among(issuers: readonly string[], claim: string): readonly string[] {
    return issuers.filter((issuer) => {
      const listed = this.#listed.get(issuer);
      return listed !== undefined && mayTell(listed, claim);
    });
  }
}

function indexSpeakers(listed: ReadonlyMap<string, ListedIssuer>): Speakers {
  const speakers = new Map<string | null, Place[]>();
  let position = 0;
  for (const [issuer, one] of listed) {
    position += 1;
    for (const claim of one.claims === "all" ? [null, "email"] : one.claims) {
      const places = speakers.get(claim) ?? [];
      if (places.length === MAX_NEED_ISSUERS || (claim === "email" && !mayTell(one, claim))) continue;
      places.push({ position, issuer });
      speakers.set(claim, places);
    }
  }
  return speakers;
}

function mayTell(listed: ListedIssuer, claim: string): boolean {
  if (SAID_BY_ALL.has(claim)) return true;
  if (!mayState(listed, claim)) return false;
  return claim !== "email" || listed.emailDomains === "all" || listed.emailDomains.length > 0;
}
