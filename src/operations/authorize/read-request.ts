import {
  checkMayAsk,
  isAuthorizationError,
  isStillRegistered,
  parseAuthorizationRequest,
  parseResponseTarget,
  type SentParameters,
} from "../../protocol/authorization-request.ts";
import { type AuthorizationFlow, parsePushedRequest } from "../../protocol/authorization-statement.ts";
import type { Client } from "../../protocol/client.ts";
import { type Choices, isServed, notServed, type ServedClients } from "../../protocol/profile.ts";
import { PUSHED_REQUEST_PREFIX } from "../../protocol/wire/authorization.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_PRESENTED_ID_CHARACTERS } from "../../shared/limits.ts";
import type { HintServices } from "../identify/hinted-person.ts";
import type { ClientStore } from "../ports/client.ts";
import { readMeantAccount } from "./meant-account.ts";

export interface ReadRequestServices extends HintServices {
  readonly config: ServedClients & { readonly profile: Pick<Choices, "pushedRequests"> };
  readonly clients: Pick<ClientStore, "find">;
}

/** An authorization request as it came: what it asks, or what is wrong with it that its client may be told. */
export interface ReadRequest extends Pick<AuthorizationFlow, "pushedId" | "asked"> {
  readonly client: Client;
}

/**
 * Reads what a browser was sent here with.
 * @throws ProtocolError for what is told to the person and never sent on, because nobody knows where to (RFC 6749
 *   §3.1.2.4): an unknown client or one that is not served, a redirect URI that is not its own, a pushed request that is not there (any more).
 */
export async function readRequest(
  services: ReadRequestServices,
  parameters: SentParameters,
  now: number,
): Promise<ReadRequest> {
  const client = await loadClient(services, parameters);
  const uri = parameters.get("request_uri");
  if (uri?.startsWith(PUSHED_REQUEST_PREFIX)) return readPushed(services, client, uri, now);
  const target = parseResponseTarget(client, parameters);
  try {
    checkMayAskUnpushed(services, client);
    const meant = await readMeantAccount(services, client, parameters, now);
    const request = parseAuthorizationRequest(target, parameters, meant);
    checkMayAsk(client, request);
    return { client, pushedId: null, asked: { kind: "asked", request } };
  } catch (error) {
    if (!(error instanceof ProtocolError) || !isAuthorizationError(error.code)) throw error;
    const asked = { kind: "refused", target, error: error.code, description: error.message } as const;
    return { client, pushedId: null, asked };
  }
}

/** RFC 9126 §5 and §6 */
function checkMayAskUnpushed({ config }: ReadRequestServices, client: Client): void {
  if (config.profile.pushedRequests === "required") {
    throw invalidRequest("requests have to be pushed to this server (RFC 9126)");
  }
  if (client.requiresPushedRequests) throw invalidRequest("this client has to push its requests (RFC 9126)");
}

/** Nobody is asked for a client that could do nothing with the answer. */
async function loadClient({ config, clients }: ReadRequestServices, parameters: SentParameters): Promise<Client> {
  const id = parameters.get("client_id");
  if (id === null) throw invalidRequest("the parameter client_id is missing");
  const client = id.length <= MAX_PRESENTED_ID_CHARACTERS ? await clients.find(id) : null;
  if (client === null) throw invalidRequest("client_id is not that of a registered client", "unknown_client");
  if (isServed(config, client.authenticationMethod)) return client;
  throw new ProtocolError("unauthorized_client", notServed(client.authenticationMethod), {
    reason: "method_not_served",
  });
}

/** What stands beside request_uri and client_id counts for nothing (RFC 9126 §4, RFC 9101 §5). */
async function readPushed(
  { sealer }: ReadRequestServices,
  client: Client,
  uri: string,
  now: number,
): Promise<ReadRequest> {
  const pushed = parsePushedRequest(await sealer.open("pushed_request", uri.slice(PUSHED_REQUEST_PREFIX.length)));
  if (pushed === null || pushed.expiresAt <= now || !isStillRegistered(client, pushed.request)) {
    throw new ProtocolError("invalid_request_uri", "request_uri is not one of this client's, or has expired");
  }
  return { client, pushedId: pushed.id, asked: { kind: "asked", request: pushed.request } };
}
