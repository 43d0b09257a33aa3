import type { PartyClaims } from "./claims.ts";

/** Whether two sets of claims speak of the same subject of the same issuer; nothing else makes them one party. */
function isSameParty(one: PartyClaims, other: PartyClaims): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

/**
 * Joins the claims a process already has with newly pushed ones. Of one party the freshest value of each claim wins;
 * claims of another party replace the old ones, because two people's claims are never added up (Grant §3.3.4, 5.2).
 */
export function joinClaims(kept: PartyClaims | null, pushed: PartyClaims | null): PartyClaims | null {
  if (!kept || !pushed) return pushed ?? kept;
  if (!isSameParty(kept, pushed)) return pushed;
  const [older, newer] = pushed.issuedAt >= kept.issuedAt ? [kept, pushed] : [pushed, kept];
  const claims = { ...older.claims, ...newer.claims };
  const isMixed = Object.keys(claims).some((name) => !Object.hasOwn(newer.claims, name));
  return {
    ...newer,
    claims,
    authenticatedAt: newer.authenticatedAt ?? older.authenticatedAt,
    ...(isMixed ? { oldestAt: Math.min(oldestOf(older), oldestOf(newer)) } : {}),
  };
}

/**
 * When the oldest of a party's claims was issued, epoch seconds. Their age is counted from then: a fresh token that is
 * silent about a claim must not make an old one fresh.
 */
export function oldestOf({ oldestAt, issuedAt }: PartyClaims): number {
  return oldestAt ?? issuedAt;
}

/** The text under which a party is known to itself over time; input of the pairwise subject. */
export function partyKey(party: PartyClaims): string {
  return JSON.stringify([party.issuer, party.subject]);
}
