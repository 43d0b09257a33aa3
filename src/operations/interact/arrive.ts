import type { ArriveReply, LedgerDirectory, TicketFault } from "../../ledger/contract.ts";
import type { SentParameters } from "../../protocol/authorization-request.ts";
import { type ClaimsTarget, namedClient, readClaimsRequest } from "../../protocol/claims-request.ts";
import type { Client } from "../../protocol/client.ts";
import { lastArrival } from "../../protocol/interaction.ts";
import { INTERACTION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { isServed, type ServedClients } from "../../protocol/profile.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import type { ClaimsErrorCode } from "../../protocol/wire/claims.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { MAX_PRESENTED_ID_CHARACTERS } from "../../shared/limits.ts";
import { sha256 } from "../../shared/sha-256.ts";
import { noteGuess } from "../failures.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import { openTicket } from "../sealed-ticket.ts";
import { errorLocation } from "./client-location.ts";
import { type InteractionServices, sealInteraction } from "./sealed-interaction.ts";

interface ArriveServices extends InteractionServices {
  readonly config: ServedClients & { readonly issuer: string };
  readonly ledgers: LedgerDirectory;
  readonly failures: FailureLimiter;
  readonly events: EventSink;
}

/** A browser that comes to the claims interaction endpoint (Grant §3.3.2). */
interface ArrivingBrowser {
  readonly parameters: SentParameters;
  /** Tells it from any other. */
  readonly browser: string;
  /** Where it comes from, as the edge saw it. */
  readonly source: string;
}

export type Arrival =
  /** The visit begins; `at` is what its pages carry along. */
  | { readonly outcome: "arrived"; readonly at: string }
  /** Nobody knows where to send the browser, so it is sent nowhere. */
  | { readonly outcome: "misdirected"; readonly fault: "client" | "redirect_uri" }
  /** `location` tells the client; `mayRedirect` says whether the browser may go there unasked. */
  | {
      readonly outcome: "refused";
      readonly cause: ArrivalFault;
      readonly location: string;
      readonly client: Client;
      readonly mayRedirect: boolean;
    };

/** What is wrong with an arrival, to tell its person. */
export type ArrivalFault = "request" | "forged" | TicketFault;

const DESCRIPTIONS: Readonly<Record<TicketFault | "forged", string>> = {
  spent: "the ticket was used before",
  superseded: "the ticket was used before, and a newer one was issued",
  expired: "the ticket has expired",
  foreign: "the ticket belongs to the process of another client",
  closed: "what the ticket was issued for is no longer protected here",
  forged: "the ticket was not issued by this server",
};

/**
 * Takes in a browser with a ticket, and spends that (Grant §5.5).
 *
 * @throws ProtocolError too_many_requests, temporarily_unavailable: the ticket is kept.
 */
export async function arriveWithTicket(
  services: ArriveServices,
  browser: ArrivingBrowser,
  now: number,
): Promise<Arrival> {
  const client = await findClient(services, browser.parameters);
  const request = readClaimsRequest(browser.parameters, client);
  if (client === null || request.kind === "misdirected") {
    return { outcome: "misdirected", fault: request.kind === "misdirected" ? request.fault : "client" };
  }
  const { target } = request;
  const refuse = (cause: ArrivalFault, error: ClaimsErrorCode, description: string): Arrival => ({
    outcome: "refused",
    cause,
    location: errorLocation(services, target, error, description),
    client,
    mayRedirect: client.redirectsErrors,
  });
  if (request.kind === "refused") return refuse("request", request.error, request.description);
  const ticket = await openTicket(services.sealer, request.ticket);
  if (ticket === null) noteGuess(services.failures, guessOf(client, browser), "tickets that were not issued here");
  if (ticket === null) return refuse("forged", "invalid_request", DESCRIPTIONS.forged);
  const reply = await present(services, ticket, client, browser, now);
  if (reply.outcome === "invalid_ticket") return refuse(reply.fault, "invalid_request", DESCRIPTIONS[reply.fault]);
  return { outcome: "arrived", at: await beginVisit(services, ticket, client, target, now) };
}

/** @returns null also for one that is not served, and so could do nothing with what it is told. */
async function findClient({ config, clients }: ArriveServices, parameters: SentParameters): Promise<Client | null> {
  const id = namedClient(parameters);
  const client = id === null || id.length > MAX_PRESENTED_ID_CHARACTERS ? null : await clients.find(id);
  return client !== null && isServed(config, client.authenticationMethod) ? client : null;
}

/** Nobody proves here that it is the client who sends somebody, so guesses count by where they come from. */
function guessOf(client: Client, { source }: ArrivingBrowser) {
  return { subject: `ticket:${client.id}`, source };
}

async function present(
  services: ArriveServices,
  ticket: PermissionTicket,
  client: Client,
  { browser, source }: ArrivingBrowser,
  now: number,
): Promise<Extract<ArriveReply, { readonly outcome: "arrived" | "invalid_ticket" }>> {
  // What has expired for so long has no visit to come back to, and needs no look at the ledger.
  if (lastArrival(ticket) <= now) return { outcome: "invalid_ticket", fault: "expired" };
  const attemptId = encodeBase64url(await sha256(`arrival|${browser}|${ticket.id}`));
  const reply = await services.ledgers.ledger(ticket.ledger).arrive({ attemptId, ticket, clientId: client.id, source });
  const at = { ownerId: ticket.ledger, clientId: client.id };
  switch (reply.outcome) {
    case "too_many":
      throw new ProtocolError("too_many_requests", "too much was refused from here of late: wait a moment", {
        retryAfter: reply.retryAfter,
      });
    case "unavailable":
      throw unavailable("try again shortly: the ticket is not spent", reply.cause);
    case "invalid_ticket":
      if (reply.withdrawn !== undefined) services.events.emit({ kind: "replayed", withdrawn: reply.withdrawn, ...at });
      return reply;
    case "arrived":
      services.events.emit({ kind: "arrived", ...at });
      return reply;
  }
}

function beginVisit(
  services: ArriveServices,
  ticket: PermissionTicket,
  { id: clientId }: Client,
  target: ClaimsTarget,
  now: number,
): Promise<string> {
  const expiresAt = now + INTERACTION_LIFETIME_SECONDS;
  return sealInteraction(services, { ...target, ticket, clientId, authorization: null, expiresAt });
}
