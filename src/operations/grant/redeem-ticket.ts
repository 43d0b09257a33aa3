import type { Denial, Event } from "../../events/event.ts";
import { grantedEvent } from "../../events/granted-event.ts";
import type { LedgerDirectory, RedeemReply, RedeemRequest } from "../../ledger/contract.ts";
import { requiredClaims } from "../../policy/evaluation/required-claims.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { isPublic, mayRedirect, mayUseCode } from "../../protocol/client.ts";
import { type Choices, withoutMeaningless } from "../../protocol/profile.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { guesserOf, noteGuess } from "../failures.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import { openTicket } from "../sealed-ticket.ts";
import { type AnswerServices, answerRedemption, ticketRefusal } from "./answer-redemption.ts";
import { type Evidence, type HearTokenServices, NO_EVIDENCE } from "./hear-token.ts";
import type { TokenAnswer } from "./issue-rpt.ts";
import { type PushedClaimToken, readClaimToken } from "./read-claim-token.ts";
import { type ReadPctServices, readPct } from "./read-pct.ts";
import { readSubmittedRpt } from "./read-submitted-rpt.ts";

interface RedeemServices extends AnswerServices, HearTokenServices, ReadPctServices {
  readonly config: AnswerServices["config"] & { readonly profile: Pick<Choices, "openidScope"> };
  readonly ledgers: LedgerDirectory;
  readonly failures: FailureLimiter;
}

/** A token request with the uma-ticket grant (Grant §3.3.1) of an authenticated or, if public, identified client. */
interface RedeemTicketRequest extends PushedClaimToken {
  /** What its user let us remember for it; null: nothing was sent. */
  readonly pct: string | null;
  /** An RPT to be upgraded; null: nothing was sent. */
  readonly rpt: string | null;
  /** The `scope` parameter of this request. */
  readonly scopes: readonly string[];
  readonly whereabouts: Whereabouts;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Redeems a permission ticket, once (Grant §3.3): opens it, verifies what was pushed, asks the owner's ledger, and
 * turns its reply into an RPT, a next ticket or a refusal. All that can fail comes before the ledger spends the ticket.
 *
 * @throws ProtocolError invalid_grant, invalid_scope, invalid_request, too_many_requests, temporarily_unavailable
 */
export async function redeemTicket(
  services: RedeemServices,
  request: RedeemTicketRequest,
  now: number,
): Promise<TokenAnswer> {
  const ticket = await loadTicket(services, request);
  // What has expired needs no look at the ledger, which strangers could make work with it.
  if (ticket.expiresAt <= now) throw ticketRefusal("expired");
  const halfPair = (request.claimToken === null) !== (request.claimTokenFormat === null);
  const { client, pct, rpt, confirmation } = request;
  const [evidence, remembered, submitted] = await Promise.all([
    halfPair ? NO_EVIDENCE : readClaimToken(services, request, ticket, now),
    halfPair || pct === null ? null : readPct(services, { client, pct, confirmation }, ticket, now),
    rpt === null ? null : readSubmittedRpt(services, { client, rpt, confirmation }, ticket, now),
  ]);
  const presentation = {
    ...(await describePresentation(services, request, ticket, evidence)),
    remembered,
    rpt: submitted,
  };
  const ledger = services.ledgers.ledger(ticket.ledger);
  const reply = await ledger.redeem({ ...presentation, refusal: halfPair ? "claim_token_pair" : null });
  const event = presentationEvent(reply, { ownerId: ticket.ledger, clientId: client.id });
  if (event) services.events.emit(event);
  return answerRedemption(services, { client, ticket, evidence, confirmation }, reply, now);
}

/** Whoever guesses at tickets is slowed down; that spends none (Grant §5.4). */
async function loadTicket(
  services: RedeemServices,
  { client, ticket, source }: RedeemTicketRequest,
): Promise<PermissionTicket> {
  const opened = await openTicket(services.sealer, ticket);
  if (opened) return opened;
  const counted = { subject: `ticket:${client.id}`, source: guesserOf(client, source) };
  noteGuess(services.failures, counted, "tickets that were not issued here");
  throw ticketRefusal("forged");
}

async function describePresentation(
  services: RedeemServices,
  { client, scopes, whereabouts, source }: RedeemTicketRequest,
  ticket: PermissionTicket,
  { pushed, fault }: Evidence,
): Promise<Omit<RedeemRequest, "refusal">> {
  return {
    attemptId: services.randomness.id(),
    ticket,
    client: {
      id: client.id,
      authenticated: !isPublic(client),
      registeredScopes: client.scopes,
      mayRefresh: client.grantTypes.includes("refresh_token"),
      mayPushClaims: client.mayPushClaims,
      maySignIn: mayUseCode(client),
      mayRedirect: mayRedirect(client),
    },
    requestedScopes: withoutMeaningless(services.config.profile, scopes),
    pushed,
    claimTokenFault: fault,
    anonymousReference: await services.pairwise.subject(ticket.resourceServerId, ticket.processId),
    whereabouts,
    source,
  };
}

const UNTOLD: Denial = { cause: "policies", refused: [] };

/** What the ledger decided, told to the operator as the ledger told it to the owner; null for what nobody has to hear. */
export function presentationEvent(
  reply: RedeemReply,
  at: { readonly ownerId: string; readonly clientId: string },
): Event | null {
  switch (reply.outcome) {
    case "granted":
      return { ...grantedEvent(reply.rpt.permissions, reply.added), ...at };
    case "need_info":
      return { kind: "claims_asked", claims: requiredClaims(reply.needs).map(({ name }) => name), ...at };
    case "submitted":
      // A poll is no news.
      return reply.requestId === undefined ? null : { kind: "submitted", requestId: reply.requestId, ...at };
    case "denied":
      return { kind: "denied", ...(reply.denial ?? UNTOLD), ...at };
    case "invalid_ticket":
      return reply.withdrawn === undefined ? null : { kind: "replayed", withdrawn: reply.withdrawn, ...at };
    default:
      return null;
  }
}
