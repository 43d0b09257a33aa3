import type { PartyClaims, PartyStatement } from "./claims.ts";

/** Whether two sets of claims speak of the same subject of the same issuer; nothing else makes them one party. */
function isSameParty(one: PartyStatement, other: PartyStatement): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

/**
 * Joins what is known of a party with what is heard now (Grant §3.3.4, 5.2). Of one subject of one issuer the freshest
 * value of each claim wins. An identity that the person linked to their account joins the account. Whoever else it is,
 * what was known is dropped: claims of two people are never added up.
 */
export function joinClaims(known: PartyClaims | null, heard: PartyClaims | null): PartyClaims | null {
  if (!known || !heard) return heard ?? known;
  if (isSameParty(known, heard)) return joinParty(known, heard);
  return joinLinked(heard, [known]) ?? joinLinked(known, [heard]) ?? heard;
}

/**
 * Joins what was heard at once, if it is all about one party: about one subject of one issuer, or about an account and
 * what it has linked.
 * @returns null where it is not, and for nothing
 */
export function joinOneParty(heard: readonly PartyClaims[]): PartyClaims | null {
  // The account first, through which the others are one.
  const [first, ...others] = heard.toSorted((one, other) => Number(isAccount(other)) - Number(isAccount(one)));
  return others.reduce<PartyClaims | null>(
    (known, other) => known && (isSameParty(known, other) ? joinParty(known, other) : joinLinked(known, [other])),
    first ?? null,
  );
}

function isAccount({ linked }: PartyClaims): boolean {
  return linked !== undefined;
}

/**
 * INVARIANT: an account says all that it is, so what the newer one no longer has (an address, a linked identity) counts no
 * more, whatever was heard of it before.
 */
function joinParty(known: PartyClaims, heard: PartyClaims): PartyClaims {
  const [older, newer] = heard.issuedAt >= known.issuedAt ? [known, heard] : [heard, known];
  if (newer.linked === undefined) return joinStatements(older, newer);
  return joinLinked(newer, older.linked ?? []) ?? newer;
}

/** @returns null where none of the statements is about an identity that the party has linked */
function joinLinked(party: PartyClaims, statements: readonly PartyStatement[]): PartyClaims | null {
  const { linked = [] } = party;
  if (!statements.some((statement) => linked.some((own) => isSameParty(own, statement)))) return null;
  const join = (own: PartyStatement) => {
    const other = statements.find((statement) => isSameParty(own, statement));
    if (other === undefined) return own;
    return other.issuedAt >= own.issuedAt ? joinStatements(own, other) : joinStatements(other, own);
  };
  return { ...party, linked: linked.map(join) };
}

function joinStatements(older: PartyStatement, newer: PartyStatement): PartyStatement {
  const { issuer, subject, issuedAt } = newer;
  const claims = { ...older.claims, ...newer.claims };
  const isMixed = Object.keys(claims).some((name) => !Object.hasOwn(newer.claims, name));
  const oldestAt = isMixed ? Math.min(oldestOf(older), oldestOf(newer)) : newer.oldestAt;
  return {
    issuer,
    subject,
    claims,
    authenticatedAt: newer.authenticatedAt ?? older.authenticatedAt,
    issuedAt,
    ...(oldestAt === undefined ? {} : { oldestAt }),
  };
}

/**
 * When the oldest of an issuer's claims was issued, epoch seconds. Their age is counted from then: a fresh token that is
 * silent about a claim must not make an old one fresh.
 */
export function oldestOf({ oldestAt, issuedAt }: PartyStatement): number {
  return oldestAt ?? issuedAt;
}

/** The text under which a party is known to itself over time; input of the pairwise subject. */
export function partyKey(party: Pick<PartyStatement, "issuer" | "subject">): string {
  return JSON.stringify([party.issuer, party.subject]);
}
