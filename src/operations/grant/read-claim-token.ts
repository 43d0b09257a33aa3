import type { Testimony } from "../../events/describe-for-client.ts";
import type { RedeemRequest } from "../../ledger/contract.ts";
import { readmitClaims } from "../../protocol/admissible-claims.ts";
import type { Client } from "../../protocol/client.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { ID_TOKEN_FORMAT } from "../../protocol/wire/claims.ts";
import { makePartyCard } from "../party-card.ts";
import type { ClaimTokenVerdict, ClaimTokenVerifier } from "../ports/claim-token.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PairwiseSubjects } from "../ports/party.ts";

export interface ClaimTokenServices {
  readonly claimTokens: ClaimTokenVerifier;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findLeased">;
  readonly pairwise: PairwiseSubjects;
  readonly events: EventSink;
}

/** A claim token as a client pushes it (Grant §3.3.1). */
export interface PushedClaimToken {
  readonly client: Client;
  readonly claimToken: string | null;
  readonly claimTokenFormat: string | null;
}

/** What a client brought to say who the requesting party is, and what became of it. */
export interface Evidence extends Testimony {
  readonly pushed: RedeemRequest["pushed"];
}

export const NO_EVIDENCE: Evidence = { pushed: null, fault: null, leftOut: [] };

/** A claim token that does not count is as good as none; if the policy needs it, need_info says so (Grant §3.3.6). */
export async function readClaimToken(
  services: ClaimTokenServices,
  { client, claimToken, claimTokenFormat }: PushedClaimToken,
  ticket: PermissionTicket,
  now: number,
): Promise<Evidence> {
  if (claimToken === null) return NO_EVIDENCE;
  const verdict = await verifyClaimToken(services, client, claimToken, claimTokenFormat, now);
  if (!verdict.accepted) {
    const { accepted, ...refusal } = verdict;
    services.events.emit({ kind: "claim_token_refused", ...refusal, ownerId: ticket.ledger, clientId: client.id });
    return { pushed: null, fault: verdict.fault, leftOut: [] };
  }
  const { party, leftOut } = verdict;
  if (leftOut.length > 0) {
    services.events.emit({ kind: "claims_left_out", clientId: client.id, issuer: party.issuer, claims: leftOut });
  }
  const [leased, partyReference] = await Promise.all([
    services.trustedIssuers.findLeased(party.issuer),
    services.pairwise.subject(ticket.resourceServerId, partyKey(party)),
  ]);
  if (leased === null) return { pushed: null, fault: "issuer", leftOut: [] };
  const claims = readmitClaims(leased.issuer, party);
  const card = await makePartyCard(services, ticket.ledger, claims, null);
  return { pushed: { claims, partyReference, trustedUntil: leased.until, card }, fault: null, leftOut };
}

async function verifyClaimToken(
  { claimTokens }: ClaimTokenServices,
  client: Client,
  claimToken: string,
  format: string | null,
  now: number,
): Promise<ClaimTokenVerdict> {
  if (!client.mayPushClaims) return { accepted: false, fault: "client" };
  if (format !== ID_TOKEN_FORMAT) return { accepted: false, fault: "format" };
  return claimTokens.verify(claimToken, client, now);
}
