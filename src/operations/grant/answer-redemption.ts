import { describeAsk, describeDenial, type Testimony } from "../../events/describe-for-client.ts";
import type { RedeemReply, TicketFault } from "../../ledger/contract.ts";
import { isMetInPerson } from "../../policy/evaluation/needs.ts";
import type { Need } from "../../policy/evaluation/outcome.ts";
import { requiredClaims } from "../../policy/evaluation/required-claims.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { SUBMITTED_INTERVAL_SECONDS, SUBMITTED_TICKET_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { MAX_REQUESTED_SCOPES } from "../../shared/limits.ts";
import { handOutPct } from "../interact/bound-pct.ts";
import { openSealedPct } from "../interact/pct.ts";
import type { Randomness } from "../ports/secret.ts";
import { sealTicket } from "../sealed-ticket.ts";
import { type IssueServices, issueRpt, type TokenAnswer } from "./issue-rpt.ts";

export interface AnswerServices extends IssueServices {
  readonly config: IssueServices["config"] & { readonly ticketLifetime: number };
  readonly randomness: Randomness;
}

/** What is answered to: the client, its ticket, and what was made of its claim token. */
export interface Presented {
  readonly client: Client;
  readonly ticket: PermissionTicket;
  readonly evidence: Testimony;
  /** What its client proved beside it. */
  readonly confirmation: Confirmation | null;
}

/**
 * Turns the reply of the ledger into an RPT, a next ticket or a refusal (Grant §3.3.5, §3.3.6).
 * @throws ProtocolError invalid_grant, invalid_scope, invalid_request, too_many_requests, temporarily_unavailable
 */
export async function answerRedemption(
  services: AnswerServices,
  presented: Presented,
  reply: RedeemReply,
  now: number,
): Promise<TokenAnswer> {
  const { client, ticket, evidence, confirmation } = presented;
  switch (reply.outcome) {
    case "granted": {
      const order = {
        ledger: ticket.ledger,
        clientId: client.id,
        rpt: reply.rpt,
        scopes: null,
        confirmation,
        audience: null,
      };
      const [body, pct] = await Promise.all([
        issueRpt(services, order),
        reply.sealedPct === undefined ? null : openPct(services, presented, reply.sealedPct),
      ]);
      const upgraded = reply.added === undefined ? {} : { upgraded: true };
      return { status: 200, body: { ...body, ...upgraded, ...(pct === null ? {} : { pct }) } };
    }
    case "need_info":
      return askForClaims(services, presented, reply.needs, now);
    case "submitted":
      return submitted(services, presented, now);
    case "denied": {
      const { denial, word = null } = reply;
      const description = describeDenial(evidence, denial?.cause ?? "policies", {
        isAuthenticated: !isPublic(client),
        word,
      });
      return { status: 403, body: { error: "request_denied", error_description: description } };
    }
    default:
      throw refusal(reply);
  }
}

async function openPct(services: AnswerServices, presented: Presented, sealed: string): Promise<string | null> {
  const secret = await openSealedPct(services, sealed);
  return secret === null ? null : handOutPct(services.sealer, secret, presented);
}

async function askForClaims(
  services: AnswerServices,
  { client, ticket, evidence }: Presented,
  needs: readonly Need[],
  now: number,
): Promise<TokenAnswer> {
  const next = await rotate(services, client, ticket, now + services.config.ticketLifetime);
  const required = requiredClaims(needs);
  const body = {
    error: "need_info",
    error_description: describeAsk(evidence, needs, !isPublic(client)),
    ticket: next,
    ...(required.length > 0 ? { required_claims: required } : {}),
    ...(needs.some(isMetInPerson) ? { redirect_user: services.config.issuer + ENDPOINTS.claims } : {}),
  };
  return { status: 403, body };
}

async function submitted(services: AnswerServices, { client, ticket }: Presented, now: number): Promise<TokenAnswer> {
  const next = await rotate(services, client, ticket, now + SUBMITTED_TICKET_LIFETIME_SECONDS);
  const body = {
    error: "request_submitted",
    error_description: "the resource owner has to decide: present the new ticket again after the interval",
    ticket: next,
    interval: SUBMITTED_INTERVAL_SECONDS,
  };
  return { status: 403, body };
}

/** The next ticket of the process; from now on it is this client's (Grant §5.2). */
function rotate(
  { sealer, randomness }: AnswerServices,
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
      return ticketRefusal(reply.fault);
    case "too_many":
      return new ProtocolError("too_many_requests", "this client was refused too often of late: slow down", {
        retryAfter: reply.retryAfter,
      });
    case "unavailable":
      return unavailable("try again shortly: the ticket is not spent", reply.cause);
  }
}

/** Whoever presents a ticket is told what happened to it; the code is the same for all (Grant §3.3.6). */
const FAULTS: Readonly<Record<TicketFault | "forged", string>> = {
  spent: "it was used before",
  superseded: "it was used before, and a newer one was issued in the answer",
  expired: "it has expired",
  foreign: "its process belongs to another client",
  closed: "what it was issued for is no longer protected here",
  forged: "it was not issued by this server",
};

export function ticketRefusal(fault: keyof typeof FAULTS): ProtocolError {
  return new ProtocolError("invalid_grant", `the ticket is not good: ${FAULTS[fault]}`, { reason: `ticket_${fault}` });
}
