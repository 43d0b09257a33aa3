import type { Testimony } from "../../events/describe-for-client.ts";
import type { HeardParty } from "../../ledger/contract.ts";
import { readmitClaims } from "../../protocol/admissible-claims.ts";
import type { ClaimLeftOut, ClaimTokenFault } from "../../protocol/claim-token-fault.ts";
import type { PartyStatement } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { type HearOwnIdTokenServices, hearOwnIdToken } from "../identify/hear-own-id-token.ts";
import { makePartyCard } from "../party-card.ts";
import type { ClaimTokenVerdict, ClaimTokenVerifier, PushedToken } from "../ports/claim-token.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PairwiseSubjects } from "../ports/party.ts";

export interface HearTokenServices extends HearOwnIdTokenServices {
  readonly claimTokens: ClaimTokenVerifier;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findLeased">;
  readonly pairwise: PairwiseSubjects;
  readonly events: EventSink;
}

/** What a client brought to say who the requesting party is, and what became of it. */
export interface Evidence extends Testimony {
  readonly pushed: HeardParty | null;
}

export const NO_EVIDENCE: Evidence = { pushed: null, fault: null, leftOut: [] };

/** Where it is heard: an owner's ledger, and the resource server that knows the party by a name of its own. */
export type Place = Pick<PermissionTicket, "ledger" | "resourceServerId">;

/**
 * Hears who somebody is from a token that a client pushes: with a ticket (Grant §3.3.1), or through another door (RFC
 * 8693 §2.1). One that does not count is as good as none.
 */
export async function hearToken(
  services: HearTokenServices,
  pushed: PushedToken,
  place: Place,
  now: number,
): Promise<Evidence> {
  const { client } = pushed;
  const jwt = client.mayPushClaims ? services.claimTokens.peek(pushed.token) : null;
  // Of whom it says that it is comes first, so that the token of anybody else costs no look at our keys.
  if (jwt?.issuer === services.config.issuer) {
    const own = await hearOwnIdToken(services, { ...pushed, jwt: jwt.text }, place, now);
    if (!own.accepted) return refuseToken(services, own.fault, client, place);
    return { pushed: own.heard, fault: null, leftOut: [] };
  }
  const verdict = await verifyToken(services, pushed, now);
  if (!verdict.accepted) return refuseToken(services, verdict.fault, client, place, verdict.detail);
  return hearStatement(services, client, verdict, place);
}

/** Hears what was verified to be an issuer's statement, as far as that may speak for it now. */
export async function hearStatement(
  services: Pick<HearTokenServices, "trustedIssuers" | "pairwise" | "events">,
  client: Pick<Client, "id">,
  { party, leftOut }: { readonly party: PartyStatement; readonly leftOut: readonly ClaimLeftOut[] },
  place: Place,
): Promise<Evidence> {
  if (leftOut.length > 0) {
    services.events.emit({ kind: "claims_left_out", clientId: client.id, issuer: party.issuer, claims: leftOut });
  }
  const [leased, partyReference] = await Promise.all([
    services.trustedIssuers.findLeased(party.issuer),
    services.pairwise.subject(place.resourceServerId, partyKey(party)),
  ]);
  if (leased === null) return { pushed: null, fault: "issuer", leftOut: [] };
  const claims = readmitClaims(leased.issuer, party);
  const card = await makePartyCard(services, place.ledger, claims, null);
  return { pushed: { claims, partyReference, trustedUntil: leased.until, card }, fault: null, leftOut };
}

/** @param detail for the operator only */
export function refuseToken(
  { events }: Pick<HearTokenServices, "events">,
  fault: ClaimTokenFault,
  { id: clientId }: Pick<Client, "id">,
  { ledger: ownerId }: Place,
  detail?: string,
): Evidence {
  events.emit({ kind: "claim_token_refused", fault, ...(detail === undefined ? {} : { detail }), ownerId, clientId });
  return { pushed: null, fault, leftOut: [] };
}

async function verifyToken(
  { claimTokens }: HearTokenServices,
  pushed: PushedToken,
  now: number,
): Promise<ClaimTokenVerdict> {
  return pushed.client.mayPushClaims ? claimTokens.verify(pushed, now) : { accepted: false, fault: "client" };
}
