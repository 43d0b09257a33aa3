import { MAX_NEED_FORMATS, MAX_NEED_ISSUERS } from "../shared/limits.ts";
import { mayState } from "./admissible-claims.ts";
import { type ClaimTokenFormat, findFormats, ID_TOKENS, narrowedBy, type TokenName } from "./claim-token-format.ts";
import type { Speaker } from "./claims.ts";

/** What the directory knows of an issuer. */
export interface ListedIssuer extends Speaker {
  /** In which forms its word can be pushed; left out: as an ID Token, or it is heard in another way. */
  readonly formats?: readonly ClaimTokenFormat[];
  /** The client that it is, and through which alone its word is heard; left out, or null: through any. */
  readonly clientId?: string | null;
}

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
  readonly #byClient = new Map<string | null, IssuerDirectory>();
  #speakers: Speakers | null = null;

  /** @param listed in the order in which they are named. */
  constructor(listed: readonly ListedIssuer[]) {
    this.#listed = new Map(listed.filter(isHeard).map((one) => [one.issuer, withinFormats(one)]));
  }

  /** Those whose word can be heard through a client: a client that is an issuer speaks through itself alone. */
  through(clientId: string): IssuerDirectory {
    const listed = [...this.#listed.values()];
    if (listed.every((one) => one.clientId == null)) return this;
    const key = listed.some((one) => one.clientId === clientId) ? clientId : null;
    const known = this.#byClient.get(key);
    if (known !== undefined) return known;
    const directory = new IssuerDirectory(listed.filter((one) => one.clientId == null || one.clientId === key));
    this.#byClient.set(key, directory);
    return directory;
  }

  /** Issuers whose access tokens go by a name. */
  issuersOf(name: TokenName): readonly string[] {
    const named = [...this.#listed.values()].filter(({ formats = [] }) =>
      findFormats(formats, name).some(({ kind }) => kind === "access_token"),
    );
    return named.map(({ issuer }) => issuer);
  }

  /** In which forms these issuers can say a claim, the first of them; null: as ID Tokens alone. */
  formatsOf(issuers: readonly string[], claim: string): readonly string[] | null {
    const rows = issuers.flatMap((issuer) => {
      const listed = this.#listed.get(issuer);
      const { formats = [ID_TOKENS] } = listed ?? {};
      return listed === undefined ? [] : formats.filter((format) => mayTell(narrowedBy(listed, format), claim));
    });
    const formats = [...new Set(rows.map(({ format }) => format))];
    return formats.every((format) => format === ID_TOKENS.format) ? null : formats.slice(0, MAX_NEED_FORMATS);
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

/** An issuer that is trusted for no form says nothing that could be pushed. */
function isHeard({ formats }: ListedIssuer): boolean {
  return formats === undefined || formats.length > 0;
}

/** As far as any of its forms lets it speak. */
function withinFormats(listed: ListedIssuer): ListedIssuer {
  const { formats } = listed;
  if (formats === undefined || formats.some(({ claims }) => claims === "all")) return listed;
  return narrowedBy(listed, { claims: [...new Set(formats.flatMap(({ claims }) => claims))] });
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
