import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { CodeGift } from "../../protocol/authorization-code.ts";
import type { AuthorizationRequest } from "../../protocol/authorization-request.ts";
import type { Client } from "../../protocol/client.ts";
import { coversScopes } from "../../protocol/connection.ts";
import type { GrantedIdentity } from "../../protocol/identity.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { beginAccess } from "../doors/begin-access.ts";
import { type KeepIdentityConsentServices, keepIdentityConsent } from "../identify/grant-identity.ts";
import { type KeepDescribedServices, keepDescribed } from "../keep-described.ts";
import type { Consenter, ConsentingOwner } from "../ports/consent.ts";
import { tellChange } from "../tell-change.ts";
import { type AdvanceServices, advanceFor, type NextStep } from "./advance.ts";
import { claimResponse } from "./claim-response.ts";
import { findConsenter } from "./consenter.ts";
import { isMeant, loadFlow, recentEnough } from "./flow.ts";
import { codeLocation, errorLocation } from "./respond.ts";

interface AnswerServices extends AdvanceServices, KeepIdentityConsentServices, KeepDescribedServices {
  readonly clients: AdvanceServices["clients"] & KeepDescribedServices["clients"];
  readonly ledgers: LedgerDirectory;
}

/** What a person says on the page of an authorization. */
interface ConsentAnswer {
  readonly at: string;
  readonly isAllowed: boolean;
  /** For whom they allow what is asked for an owner; null: nobody, which is in order where nothing is. */
  readonly ownerId: string | null;
}

/**
 * Takes the answer of a person to what a client asks (RFC 6749 §4.1.2). Consent makes the connection that an operator
 * makes as well, but tears nothing down: what the client already may goes on.
 * @param session the secret that the browser holds; null: none
 * @returns where the browser goes; or, where the person is not signed in as asked for any more, to sign in first
 * @throws ProtocolError invalid_request (flow.ts), not_found for an owner whom the person does not act for,
 *   too_many_requests, temporarily_unavailable while it cannot be recorded, which answers a pushed request as well, invalid_request_uri for
 *   what was answered before
 */
export async function answerConsent(
  services: AnswerServices,
  { at, isAllowed, ownerId }: ConsentAnswer,
  session: string | null,
  now: number,
): Promise<NextStep> {
  const { flow, client } = await loadFlow(services, at, now);
  const { asked, pushedId } = flow;
  const person = await findConsenter(services, session, client.id, now);
  const known = recentEnough(flow, person);
  if (asked.kind === "refused" || known === null || !isMeant(asked.request, known)) {
    return advanceFor(services, client, flow, person, now);
  }
  const { request } = asked;
  const accountId = known.account.id;
  const answered = { clientId: request.clientId, pushedId };
  if (!isAllowed) {
    await claimResponse(services, answered, now);
    services.events.emit({ kind: "consent_refused", clientId: client.id, accountId });
    const location = errorLocation(services, request, "access_denied", "the person refused");
    return { step: "respond", location };
  }
  const owner = request.connectionScopes.length === 0 ? null : findOwner(known, ownerId);
  await keepOrWait(services, client, accountId, now);
  // INVARIANT: before anything is given, so that no older page of a request connects whom its answer has refused.
  if (request.access === null) await claimResponse(services, answered, now);
  const identity = request.identity && (await keepIdentityConsent(services, client.id, request.identity, known, now));
  // A visit follows, which is answered at its own end.
  if (request.access !== null) {
    const { account } = known;
    return beginAccess(services, { ...flow, asked }, request.access, { account, identity }, now);
  }
  const gift = await makeGift(services, request, known, owner, identity);
  return { step: "respond", location: await codeLocation(services, request, { accountId, gift }, now) };
}

/** @throws ProtocolError too_many_requests */
async function keepOrWait(services: AnswerServices, client: Client, accountId: string, now: number): Promise<void> {
  const retryAfter = await keepDescribed(services, client, accountId, now);
  if (retryAfter === 0) return;
  const description = "you let too many apps in of late that nobody registered here: wait before the next";
  throw new ProtocolError("too_many_requests", description, { retryAfter });
}

/** @throws ProtocolError not_found */
function findOwner({ owners }: Consenter, ownerId: string | null): ConsentingOwner {
  const owner = owners.find((one) => one.ownerId === ownerId);
  if (owner === undefined) throw new ProtocolError("not_found", "you do not act for this owner (any more)");
  return owner;
}

async function makeGift(
  services: AnswerServices,
  request: AuthorizationRequest,
  { account }: Consenter,
  owner: ConsentingOwner | null,
  identity: GrantedIdentity | null,
): Promise<CodeGift> {
  if (owner !== null) {
    const { ownerId } = owner;
    const connectionGeneration = await connect(services, request, account.id, owner);
    return { kind: "connection", ownerId, connectionGeneration, scopes: request.connectionScopes, identity };
  }
  if (identity !== null) return { kind: "identity", identity };
  throw new Error("a request asks for nothing");
}

/** @returns the generation of the connection that stands from now on, or stood before and allows as much. */
async function connect(
  services: AnswerServices,
  { clientId, connectionScopes: scopes }: AuthorizationRequest,
  accountId: string,
  { ownerId, connection }: ConsentingOwner,
): Promise<number> {
  if (connection !== null && coversScopes(connection.scopes, scopes)) return connection.generation;
  const change = { kind: "allow_connection", clientId, scopes } as const;
  const author = { by: "administrator", accountId } as const;
  const reply = await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, author);
  tellChange(services.events, change, reply, { ownerId, clientId: null, accountId });
  if (reply.outcome === "done") return reply.version;
  if (reply.outcome === "pending") throw unavailable("the consent cannot be recorded at present");
  throw new ProtocolError("not_found", "the client, or the right to act for this owner, is not there any more");
}
