import { readmitClaims } from "../protocol/admissible-claims.ts";
import type { PartyClaims, PartyStatement } from "../protocol/claims.ts";
import { oldestOf } from "../protocol/party.ts";
import type { IssuerWords, LeasedIssuer } from "./ports.ts";
import { Unavailable } from "./unavailable.ts";

/** Claims that count until the first lease of their issuers ends, epoch seconds. */
export interface ReadmittedParty {
  readonly claims: PartyClaims;
  readonly until: number;
}

/** Whose word counts, by how it is heard. */
interface Words {
  readonly trustedIssuers: Word;
  readonly inPerson: Word;
}

type Word = Pick<IssuerWords, "findLeased">;

/** How old claims may be that were kept: so many seconds since each was issued, whatever their issuer allows. */
interface Age {
  /** Epoch seconds. */
  readonly now: number;
  readonly lifetime: number;
}

interface Readmitted<Statement> {
  readonly statement: Statement;
  readonly until: number;
}

/**
 * What counts now of claims that were admitted before: each as far as its own issuer is still trusted for it, and not too
 * old for it. An account is vouched for by this server; what a client pushed, by whoever is trusted for that; and of an
 * identity that an account has linked, either may have spoken.
 *
 * @param age null: they were verified just now
 * @returns null when nobody vouches for the party any more
 * @throws Unavailable when nobody can say whose word counts
 */
export async function readmitParty(
  party: PartyClaims,
  { trustedIssuers, inPerson }: Words,
  age: Age | null,
): Promise<ReadmittedParty | null> {
  const { linked, ...main } = party;
  const own = await readmit(main, [linked === undefined ? trustedIssuers : inPerson], age);
  if (own === null || linked === undefined) return own && { claims: own.statement, until: own.until };
  const each = await Promise.all(linked.map((statement) => readmit(statement, [inPerson, trustedIssuers], age)));
  const counting = each.filter((one) => one !== null);
  return {
    claims: { ...own.statement, linked: counting.map(({ statement }) => statement) },
    until: Math.min(own.until, ...counting.map(({ until }) => until)),
  };
}

async function readmit<Statement extends PartyStatement>(
  statement: Statement,
  words: readonly Word[],
  age: Age | null,
): Promise<Readmitted<Statement> | null> {
  const leased = await Promise.all(words.map((word) => findLeased(word, statement.issuer)));
  const heard = leased
    .filter((one) => one !== null)
    .filter(({ issuer }) => isYoung(statement, issuer.maxTokenAge, age));
  if (heard.length === 0) return null;
  const admitted = heard.map(({ issuer }) => readmitClaims(issuer, statement).claims);
  return {
    statement: { ...statement, claims: Object.assign({}, ...admitted) },
    until: Math.min(...heard.map(({ until }) => until)),
  };
}

function isYoung(statement: PartyStatement, maxTokenAge: number | null, age: Age | null): boolean {
  if (age === null) return true;
  return oldestOf(statement) + Math.min(maxTokenAge ?? Number.POSITIVE_INFINITY, age.lifetime) > age.now;
}

async function findLeased(words: Word, issuer: string): Promise<LeasedIssuer | null> {
  return words.findLeased(issuer).catch((cause: unknown) => {
    throw new Unavailable("record_unreachable", { cause });
  });
}
