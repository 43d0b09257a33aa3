import * as v from "valibot";
import { MAX_LINKED_STATEMENTS } from "../shared/limits.ts";

export type ClaimScalar = string | number | boolean;
export type ClaimValue = ClaimScalar | readonly ClaimScalar[];

/**
 * What one issuer says about one of its subjects. Only claims that count are in here: verified, and of a kind the issuer
 * may speak for.
 */
export interface PartyStatement {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, ClaimValue>>;
  /** When the party signed in (`auth_time`), epoch seconds; null when the issuer did not say. */
  readonly authenticatedAt: number | null;
  /** When the claims were issued (`iat`), epoch seconds; of claims that were joined, the newest. */
  readonly issuedAt: number;
  /** When the oldest of claims that were joined was issued, epoch seconds; left out where all are of one token. */
  readonly oldestAt?: number;
}

/**
 * Who a requesting party is: the statement that makes it this party, and what other issuers say about the same person.
 * Claims of two people are never added up (Grant §3.3.4).
 */
export interface PartyClaims extends PartyStatement {
  /**
   * For an account here: statements about identities that the person proved to be theirs, by signing in there while
   * signed in here; each keeps its own issuer and age. Left out: the party is known by one issuer's word alone.
   */
  readonly linked?: readonly PartyStatement[];
  /** It is the account of the owner whose things are asked for. Left out: somebody else, or nobody looked. */
  readonly isOwner?: true;
}

/** Everything that is said about a party, each by its issuer. */
export function statementsOf(party: PartyClaims): readonly PartyStatement[] {
  return party.linked === undefined ? [party] : [party, ...party.linked];
}

const Scalar = v.union([v.string(), v.number(), v.boolean()]);
const Value = v.union([Scalar, v.array(Scalar)]);

const STATEMENT = {
  issuer: v.string(),
  subject: v.string(),
  claims: v.custom<PartyStatement["claims"]>(isClaims),
  authenticatedAt: v.nullable(v.number()),
  issuedAt: v.number(),
  oldestAt: v.exactOptional(v.number()),
};

const Party = v.object({
  ...STATEMENT,
  isOwner: v.exactOptional(v.literal(true)),
  linked: v.exactOptional(v.pipe(v.array(v.object(STATEMENT)), v.maxLength(MAX_LINKED_STATEMENTS))),
});

/** Not a record of valibot, which leaves out names such as "constructor": an issuer may well use one. */
function isClaims(claims: unknown): boolean {
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) return false;
  return Object.values(claims).every((value) => v.is(Value, value));
}

/** Claims as they were sealed. @returns null for a statement of another form, as another release may have sealed it. */
export function parsePartyClaims(statement: unknown): PartyClaims | null {
  const parsed = v.safeParse(Party, statement);
  return parsed.success ? parsed.output : null;
}

/** Whose word counts, and for what (docs/design.md, decision 7). */
export interface Speaker {
  /** The issuer identifier, compared exactly. */
  readonly issuer: string;
  /** Claims it may speak for, besides sub; "all" for every claim. */
  readonly claims: readonly string[] | "all";
  /** E-mail domains it may speak for; "all" for any. */
  readonly emailDomains: readonly string[] | "all";
}
