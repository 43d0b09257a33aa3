import { authorOf, byAccount, nameOf } from "../../ledger/change.ts";
import type {
  DecideReply,
  DecideRequest,
  LedgerDirectory,
  RequestsQuery,
  RequestsReply,
  RequestView,
} from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import { invalidRequest, ProtocolError, unavailable } from "../../shared/error.ts";
import { MAX_REQUESTED_SCOPES } from "../../shared/limits.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { connectionEnded, notFound, requireReceipt } from "../under-connection.ts";
import type { Editor } from "./edit-policy.ts";

interface RequestServices {
  readonly ledgers: LedgerDirectory;
}

interface DecideServices extends RequestServices {
  readonly randomness: Randomness;
  readonly secrets: Pick<Secrets, "hash">;
  readonly events: EventSink;
}

/**
 * What waits for the owner, and what was decided of late, newest first.
 * @throws ProtocolError invalid_token when the connection has ended, temporarily_unavailable
 */
export async function listRequests(
  services: RequestServices,
  actor: Actor,
  query: RequestsQuery,
): Promise<Page<RequestView>> {
  const { items, next } = requireListed(await services.ledgers.ledger(actor.ownerId).requests(actor, query));
  return { items, next: next === null ? null : String(next) };
}

/** @throws ProtocolError not_found, invalid_token, temporarily_unavailable */
export async function readRequest(services: RequestServices, actor: Actor, id: string): Promise<RequestView> {
  const { items } = requireListed(await services.ledgers.ledger(actor.ownerId).request(actor, id));
  const [request] = items;
  if (request === undefined) throw notFound();
  return request;
}

/** What an owner decides about a request. */
export type OwnersAnswer = Omit<DecideRequest, "policyIds">;

/** A decision that was taken. */
export type Taken = Extract<DecideReply, { readonly outcome: "decided" }>;

/**
 * Takes the owner's decision, once: a yes becomes policies, which can be read, changed and deleted like any other.
 * @throws ProtocolError conflict when it was decided, or changed, since it was read; invalid_request for a yes to what was
 *   not asked for; not_found, invalid_token, quota_exceeded, temporarily_unavailable
 */
export async function decideRequest(services: DecideServices, editor: Editor, answer: OwnersAnswer): Promise<Taken> {
  const { caller } = editor;
  const author = authorOf(caller);
  // Each scope that is asked for may come to a policy of its own, where each has bounds of its own.
  const policyIds = Array.from({ length: MAX_REQUESTED_SCOPES }, () => services.randomness.id());
  const operation = await operationOf(services, editor, answer);
  const home = services.ledgers.ledger(caller.ownerId);
  const taken = requireTaken(await home.decide(operation, { ...answer, policyIds }, author));
  const { clientId, accountId } = nameOf(author);
  services.events.emit({
    kind: "request_decided",
    requestId: answer.requestId,
    decision: answer.decision.kind === "approve" ? "approved" : "refused",
    policyIds: taken.policyIds,
    ownerId: caller.ownerId,
    clientId,
    ...byAccount(accountId),
  });
  return taken;
}

/** One operation id, one answer, as for any edit (edit-policy.ts). */
async function operationOf(services: DecideServices, editor: Editor, answer: OwnersAnswer): Promise<string> {
  const { caller, repeatKey } = editor;
  if (repeatKey === null) return services.randomness.id();
  const { clientId, accountId } = nameOf(authorOf(caller));
  return services.secrets.hash(JSON.stringify([caller.ownerId, clientId ?? accountId, repeatKey, answer]));
}

const UNAVAILABLE = "this cannot be told or done at present; try again shortly";

function requireTaken(reply: DecideReply): Taken {
  switch (reply.outcome) {
    case "decided":
      return reply;
    case "version_mismatch":
      throw new ProtocolError(
        "conflict",
        `it was decided, or changed, since it was read: the current version is ${reply.version}`,
      );
    case "not_asked":
      throw invalidRequest("permissions: allow some of what is asked for, and nothing else; to allow nothing, refuse");
    case "unavailable":
      throw unavailable(UNAVAILABLE, reply.cause);
    default:
      requireReceipt(reply);
      throw notFound();
  }
}

function requireListed(reply: RequestsReply): Extract<RequestsReply, { readonly outcome: "listed" }> {
  switch (reply.outcome) {
    case "listed":
      return reply;
    case "not_connected":
      throw connectionEnded();
    case "unavailable":
      throw unavailable(UNAVAILABLE, reply.cause);
  }
}
