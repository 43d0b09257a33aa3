import {
  parseAuthorizationRequest,
  parseResponseTarget,
  type SentParameters,
  scopeOf,
} from "../../protocol/authorization-request.ts";
import { pushedStatement } from "../../protocol/authorization-statement.ts";
import type { Client } from "../../protocol/client.ts";
import { PUSHED_REQUEST_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { PUSHED_REQUEST_PREFIX, type PushedRequestBody } from "../../protocol/wire/authorization.ts";
import { invalidRequest } from "../../shared/error.ts";
import type { EventSink } from "../ports/event.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";

interface PushRequestServices {
  readonly sealer: Sealer;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/**
 * Takes an authorization request from the client itself (RFC 9126 §2). Nothing is stored: the URI is the request, sealed,
 * and whoever answers it notes that it was answered.
 * @throws ProtocolError as an authorization request is refused
 */
export async function pushRequest(
  { sealer, randomness, events }: PushRequestServices,
  client: Client,
  parameters: SentParameters,
  now: number,
): Promise<PushedRequestBody> {
  // RFC 9126 §2.1
  if (parameters.get("request_uri") !== null)
    throw invalidRequest("request_uri is what this endpoint gives, not takes");
  const request = parseAuthorizationRequest(parseResponseTarget(client, parameters), parameters);
  const expiresAt = now + PUSHED_REQUEST_LIFETIME_SECONDS;
  const statement = pushedStatement({ id: randomness.id(), request, expiresAt });
  const sealed = await sealer.seal("pushed_request", statement);
  events.emit({ kind: "request_pushed", clientId: client.id, scope: scopeOf(request) });
  return { request_uri: PUSHED_REQUEST_PREFIX + sealed, expires_in: PUSHED_REQUEST_LIFETIME_SECONDS };
}
