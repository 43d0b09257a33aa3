import type { LedgerDirectory, RedeemReply, RedeemRequest, TicketFault } from "../../ledger/contract.ts";
import type { Need } from "../../policy/evaluation/outcome.ts";
import { requiredClaims } from "../../policy/evaluation/required-claims.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { readmitClaims } from "../../protocol/admissible-claims.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { SUBMITTED_INTERVAL_SECONDS, SUBMITTED_TICKET_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { ID_TOKEN_FORMAT } from "../../protocol/wire/claims.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_REQUESTED_SCOPES } from "../../shared/limits.ts";
import { guesserOf, noteGuess } from "../failures.ts";
import type { ClaimTokenVerifier } from "../ports/claim-token.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { Randomness } from "../ports/secret.ts";
import { openTicket, sealTicket } from "../sealed-ticket.ts";
import { type IssueServices, issueRpt, type TokenAnswer } from "./issue-rpt.ts";

interface RedeemServices extends IssueServices {
  readonly config: IssueServices["config"] & { readonly ticketLifetime: number };
  readonly claimTokens: ClaimTokenVerifier;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findLeased">;
  readonly pairwise: PairwiseSubjects;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly failures: FailureLimiter;
}

/** A token request with the uma-ticket grant (Grant §3.3.1) of an authenticated or, if public, identified client. */
interface RedeemTicketRequest {
  readonly client: Client;
  readonly ticket: string;
  /** The `scope` parameter of this request. */
  readonly scopes: readonly string[];
  readonly claimToken: string | null;
  readonly claimTokenFormat: string | null;
  readonly whereabouts: Whereabouts;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/** Seconds after which an outage, or a flood, is worth another try. */
const RETRY_AFTER_SECONDS = 2;

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
  if (ticket.expiresAt <= now) throw notGood(FAULTS.expired, "expired");
  const ledger = services.ledgers.ledger(ticket.ledger);
  const reply = await ledger.redeem(await describePresentation(services, request, ticket, now));
  return answer(services, request, ticket, reply, now);
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
  throw notGood("it was not issued by this server");
}

async function describePresentation(
  services: RedeemServices,
  request: RedeemTicketRequest,
  ticket: PermissionTicket,
  now: number,
): Promise<RedeemRequest> {
  const { client } = request;
  const halfPair = (request.claimToken === null) !== (request.claimTokenFormat === null);
  return {
    attemptId: services.randomness.id(),
    ticket,
    client: {
      id: client.id,
      authenticated: !isPublic(client),
      registeredScopes: client.scopes,
      mayRefresh: client.grantTypes.includes("refresh_token"),
      mayPushClaims: client.mayPushClaims,
    },
    requestedScopes: request.scopes,
    pushed: halfPair ? null : await readClaimToken(services, request, ticket, now),
    anonymousReference: await services.pairwise.subject(ticket.resourceServerId, ticket.processId),
    whereabouts: request.whereabouts,
    source: request.source,
    refusal: halfPair ? "claim_token_pair" : null,
  };
}

/** A claim token that does not count is as good as none; if the policy needs it, need_info says so (Grant §3.3.6). */
async function readClaimToken(
  services: RedeemServices,
  { client, claimToken, claimTokenFormat }: RedeemTicketRequest,
  ticket: PermissionTicket,
  now: number,
): Promise<RedeemRequest["pushed"]> {
  if (claimToken === null || claimTokenFormat !== ID_TOKEN_FORMAT || !client.mayPushClaims) return null;
  const verdict = await services.claimTokens.verify(claimToken, client, now);
  if (!verdict.accepted) {
    console.warn({ event: "claim_token_refused", client: client.id, reason: verdict.reason });
    return null;
  }
  const [leased, partyReference] = await Promise.all([
    services.trustedIssuers.findLeased(verdict.party.issuer),
    services.pairwise.subject(ticket.resourceServerId, partyKey(verdict.party)),
  ]);
  return leased && { claims: readmitClaims(leased.issuer, verdict.party), partyReference, trustedUntil: leased.until };
}

async function answer(
  services: RedeemServices,
  request: RedeemTicketRequest,
  ticket: PermissionTicket,
  reply: RedeemReply,
  now: number,
): Promise<TokenAnswer> {
  switch (reply.outcome) {
    case "granted": {
      const order = { ledger: ticket.ledger, clientId: request.client.id, rpt: reply.rpt, scopes: null };
      return { status: 200, body: await issueRpt(services, order) };
    }
    case "need_info":
      return askForClaims(services, request.client, ticket, reply.needs, now);
    case "submitted":
      return submitted(services, request.client, ticket, now);
    case "denied":
      return DENIED;
    default:
      throw refusal(reply);
  }
}

const DENIED: TokenAnswer = {
  status: 403,
  body: { error: "request_denied", error_description: "the resource owner does not allow this access" },
};

async function askForClaims(
  services: RedeemServices,
  client: Client,
  ticket: PermissionTicket,
  needs: readonly Need[],
  now: number,
): Promise<TokenAnswer> {
  const next = await rotate(services, client, ticket, now + services.config.ticketLifetime);
  return { status: 403, body: { error: "need_info", ticket: next, required_claims: requiredClaims(needs) } };
}

async function submitted(
  services: RedeemServices,
  client: Client,
  ticket: PermissionTicket,
  now: number,
): Promise<TokenAnswer> {
  const next = await rotate(services, client, ticket, now + SUBMITTED_TICKET_LIFETIME_SECONDS);
  return { status: 403, body: { error: "request_submitted", ticket: next, interval: SUBMITTED_INTERVAL_SECONDS } };
}

/** The next ticket of the process; from now on it is this client's (Grant §5.2). */
function rotate(
  { sealer, randomness }: RedeemServices,
  client: Client,
  ticket: PermissionTicket,
  expiresAt: number,
): Promise<string> {
  const own = { id: randomness.id(), clientId: client.id, tokenId: null, expiresAt };
  return sealTicket(sealer, { ...ticket, ...own, step: ticket.step + 1 });
}

type Refused = Extract<
  RedeemReply,
  { readonly outcome: "invalid_scope" | "refused" | "invalid_ticket" | "too_many" | "unavailable" }
>;

function refusal(reply: Refused): ProtocolError {
  switch (reply.outcome) {
    case "invalid_scope":
      return new ProtocolError(
        "invalid_scope",
        `a requested scope fits no resource of the ticket, this client is not registered for it, or there are more than ${MAX_REQUESTED_SCOPES} scopes with it`,
      );
    case "refused":
      return new ProtocolError(
        "invalid_request",
        "claim_token and claim_token_format go together; the ticket is spent, so start again at the resource server",
      );
    case "invalid_ticket":
      return notGood(FAULTS[reply.fault], reply.fault);
    case "too_many":
      return new ProtocolError("too_many_requests", "this client was refused too often of late: slow down", {
        retryAfter: reply.retryAfter,
      });
    case "unavailable":
      return new ProtocolError("temporarily_unavailable", "try again shortly: the ticket is not spent", {
        reason: reply.cause,
        retryAfter: RETRY_AFTER_SECONDS,
      });
  }
}

/** The authenticated client is told what happened to its ticket; the code is the same for all (Grant §3.3.6). */
const FAULTS: Readonly<Record<TicketFault, string>> = {
  spent: "it was used before",
  superseded: "it was used before, and a newer one was issued in the answer",
  expired: "it has expired",
  foreign: "its process belongs to another client",
  closed: "what it was issued for is no longer protected here",
};

function notGood(why: string, reason = "forged"): ProtocolError {
  return new ProtocolError("invalid_grant", `the ticket is not good: ${why}`, { reason: `ticket_${reason}` });
}
