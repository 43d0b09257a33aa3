import { Hono } from "hono";
import * as v from "valibot";
import type { PermissionName, RequestView } from "../../ledger/contract.ts";
import { REQUEST_STATUSES, type RequestStatus } from "../../ledger/pending-requests.ts";
import { nameIds } from "../../operations/own/name-ids.ts";
import {
  decideRequest,
  listRequests,
  type OwnersAnswer,
  readRequest,
  type Taken,
} from "../../operations/own/requests.ts";
import { notFound } from "../../operations/under-connection.ts";
import { word } from "../../policy/language/parse-word.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { invalidRequest } from "../../shared/error.ts";
import {
  MAX_DECISION_BODY_BYTES,
  MAX_OWNERS_WORD_CHARACTERS,
  MAX_PERMISSIONS,
  MAX_SCOPES_PER_POLICY,
  MAX_TIME_SECONDS,
} from "../../shared/limits.ts";
import { boundedText, integer, nonEmptyListOf, oneOf, parseBody, sentObject, setOf } from "../../shared/parse.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { editorOf } from "../edit.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { pendingAnswer } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { namesOf } from "./names-of.ts";
import { renderPartyCard } from "./render-party-card.ts";

/** What waits for the owner, and their decision about it. */
export function requestRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const { status, cursor, limit } = parsePaging(c.req.raw, "status");
      const query = { status: parseStatus(status), after: parseCursor(cursor), limit };
      const page = await listRequests(services, caller, query);
      const names = await nameIds(services, caller, page.items.flatMap(idsIn));
      return privateJson(renderPage(page, (request) => renderNamed(request, names)));
    })
    .all("/", onlyMethods("GET"))
    .get("/:id", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const request = await readRequest(services, caller, idOf(c.req, notFound));
      return privateJson(renderNamed(request, await nameIds(services, caller, idsIn(request))));
    })
    .all("/:id", onlyMethods("GET"))
    .post("/:id/decision", ownersTool, async (c) => {
      const { services, now } = c.var;
      const requestId = idOf(c.req, notFound);
      const answer = { requestId, ...parseDecision(await readJson(c.req.raw, MAX_DECISION_BODY_BYTES), now) };
      return renderTaken(requestId, await decideRequest(services, editorOf(c), answer));
    })
    .all("/:id/decision", onlyMethods("POST"));
}

function parseStatus(text: string | null): RequestStatus | null {
  const status = REQUEST_STATUSES.find((one) => one === text);
  if (text !== null && status === undefined)
    throw invalidRequest(`status: must be one of ${REQUEST_STATUSES.join(", ")}`);
  return status ?? null;
}

function parseCursor(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidRequest("cursor: send the next of the page before");
}

const Permission = v.strictObject({ resource_id: word, resource_scopes: setOf(word, MAX_SCOPES_PER_POLICY) });

export const Decision = sentObject({
  version: integer(1),
  decision: oneOf(["approve", "refuse"]),
  permissions: v.exactOptional(nonEmptyListOf(Permission, MAX_PERMISSIONS)),
  until: v.exactOptional(integer(0, MAX_TIME_SECONDS)),
  word: v.exactOptional(boundedText(MAX_OWNERS_WORD_CHARACTERS)),
});

/** @throws ProtocolError invalid_request that names the member and says what is wrong. */
function parseDecision(input: unknown, now: number): Omit<OwnersAnswer, "requestId"> {
  const { version, decision: kind, permissions, until, word: said } = parseBody(Decision, input);
  const rest = { version, word: said ?? null };
  if (kind === "refuse") {
    if (permissions !== undefined) throw invalidRequest("permissions: whoever refuses allows none");
    if (until !== undefined) throw invalidRequest("until: a refusal has no end of its choosing");
    return { ...rest, decision: { kind } };
  }
  if (until !== undefined && until <= now) throw invalidRequest("until: must lie in the future");
  const allowed = permissions?.map(({ resource_id, resource_scopes }): PermissionName => {
    return { resourceId: resource_id, scopes: resource_scopes };
  });
  return { ...rest, decision: { kind, allowed: allowed ?? null, until: until ?? null } };
}

/** What a request names by an id and that may have a name. */
function idsIn({ clientId, resourceServerId, asked }: RequestView): readonly string[] {
  return [clientId, resourceServerId, ...asked.map(({ resourceId }) => resourceId)];
}

function renderNamed(request: RequestView, names: ReadonlyMap<string, string>): object {
  return { ...renderRequest(request), names: namesOf(idsIn(request), names) };
}

/** What somebody asked for, as its owner reads it. */
export function renderRequest(request: RequestView): object {
  const { decision } = request;
  return {
    request_id: request.id,
    version: request.version,
    status: request.status,
    client_id: request.clientId,
    resource_server_id: request.resourceServerId,
    party: request.partyReference,
    ...renderPartyCard(request.card),
    permissions: request.asked.map(renderPermission),
    asked_at: request.createdAt,
    last_asked_at: request.lastAskedAt,
    times_asked: request.timesAsked,
    ...(request.status === "waiting" ? { expires_at: request.endsAt } : { told: request.isTold }),
    ...(decision === null ? {} : { decision: renderDecision(decision) }),
  };
}

function renderDecision({
  at,
  by,
  allowed,
  policyIds,
  until,
  word: said,
}: NonNullable<RequestView["decision"]>): object {
  return {
    at,
    ...(by.clientId === null ? {} : { client_id: by.clientId }),
    ...(by.accountId === null ? {} : { account_id: by.accountId }),
    permissions: allowed.map(renderPermission),
    policy_ids: policyIds,
    ...(until === null ? {} : { until }),
    ...(said === null ? {} : { word: said }),
  };
}

function renderPermission({ resourceId, scopes }: PermissionName): object {
  return { resource_id: resourceId, resource_scopes: scopes };
}

function renderTaken(requestId: string, { version, policyIds, isRecorded }: Taken): Response {
  const identity = { request_id: requestId, version, policy_ids: policyIds };
  return isRecorded ? privateJson(identity) : pendingAnswer(identity);
}
