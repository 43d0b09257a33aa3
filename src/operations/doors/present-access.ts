import type { LedgerDirectory, RedeemReply, RedeemRequest } from "../../ledger/contract.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { type Evidence, NO_EVIDENCE } from "../grant/hear-token.ts";
import { presentationEvent } from "../grant/redeem-ticket.ts";
import { BY_VISIT_ALONE } from "../interact/look.ts";
import type { EventSink } from "../ports/event.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { Randomness } from "../ports/secret.ts";

export interface PresentAccessServices {
  readonly ledgers: LedgerDirectory;
  readonly pairwise: PairwiseSubjects;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** A ticket that was made for a client which knows none, as it is presented in the client's name. */
export interface PresentedAccess {
  readonly client: Client;
  readonly ticket: PermissionTicket;
  /** Whether it travelled inside a code, of which the client has proved that it is its own. */
  readonly inCode: boolean;
  /** What says who the requesting party is, beside what the process has gathered. */
  readonly evidence: Evidence;
  /** How this client can bring what is missing. */
  readonly means: Pick<RedeemRequest["client"], "mayPushClaims" | "maySignIn" | "mayRedirect">;
  readonly whereabouts: Whereabouts;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/** What is presented after a visit: all is said, and nothing else can be brought. */
export const AFTER_VISIT = { evidence: NO_EVIDENCE, means: BY_VISIT_ALONE } as const;

/** What a decision came to. */
type Decided = Extract<RedeemReply, { readonly outcome: "granted" | "need_info" | "submitted" | "denied" }>;

/**
 * Presents a ticket to the owner's ledger for a client that came by a door: the same decision as at the UMA grant (Grant
 * §3.3.4), by the same block.
 * @returns what was decided; null: the ticket is no good (any more)
 * @throws ProtocolError too_many_requests, temporarily_unavailable: nothing was spent
 */
export async function presentAccess(
  services: PresentAccessServices,
  { client, ticket, inCode, evidence, means, whereabouts, source }: PresentedAccess,
): Promise<Decided | null> {
  const reply = await services.ledgers.ledger(ticket.ledger).redeem({
    attemptId: services.randomness.id(),
    ticket,
    inCode,
    client: {
      id: client.id,
      authenticated: !isPublic(client),
      registeredScopes: client.scopes,
      mayRefresh: client.grantTypes.includes("refresh_token"),
      ...means,
    },
    requestedScopes: [],
    pushed: evidence.pushed,
    claimTokenFault: evidence.fault,
    anonymousReference: await services.pairwise.subject(ticket.resourceServerId, ticket.processId),
    whereabouts,
    source,
    refusal: null,
  });
  const event = presentationEvent(reply, { ownerId: ticket.ledger, clientId: client.id });
  if (event) services.events.emit(event);
  return decided(reply);
}

function decided(reply: RedeemReply): Decided | null {
  switch (reply.outcome) {
    case "too_many":
      throw new ProtocolError("too_many_requests", "this client was refused too often of late: slow down", {
        retryAfter: reply.retryAfter,
      });
    case "unavailable":
      throw unavailable("try again shortly: nothing is spent", reply.cause);
    case "granted":
    case "need_info":
    case "submitted":
    case "denied":
      return reply;
    default:
      return null;
  }
}
