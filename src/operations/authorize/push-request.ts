import {
  bindCode,
  checkMayAsk,
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
import { type PresentedProof, type ProofServices, verifyProof } from "../authenticate/proof.ts";
import type { HintServices } from "../identify/hinted-person.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { readMeantAccount } from "./meant-account.ts";

interface PushRequestServices extends ProofServices, HintServices {
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** A request as a client pushed it, and what it proved beside it. */
interface PushedByClient {
  readonly client: Client;
  readonly parameters: SentParameters;
  /** Null: there is none. */
  readonly proof: PresentedProof | null;
}

interface PushedRequest {
  readonly body: PushedRequestBody;
  /** For the next proof, where the nonce of this one is about to be too old. */
  readonly nextNonce: string | null;
}

/**
 * Takes an authorization request from the client itself (RFC 9126 §2). Nothing is stored: the URI is the request, sealed,
 * and whoever answers it notes that it was answered.
 * @throws ProtocolError as an authorization request is refused; invalid_dpop_proof or use_dpop_nonce
 */
export async function pushRequest(
  services: PushRequestServices,
  { client, parameters, proof }: PushedByClient,
  now: number,
): Promise<PushedRequest> {
  // RFC 9126 §2.1
  if (parameters.get("request_uri") !== null)
    throw invalidRequest("request_uri is what this endpoint gives, not takes");
  const { sealer, randomness, events } = services;
  const meant = await readMeantAccount(services, client, parameters, now);
  const asked = parseAuthorizationRequest(parseResponseTarget(client, parameters), parameters, meant);
  const key = proof && (await verifyProof(services, proof, null, now));
  const request = key ? bindCode(asked, key.jkt) : asked;
  checkMayAsk(client, request);
  const expiresAt = now + PUSHED_REQUEST_LIFETIME_SECONDS;
  const statement = pushedStatement({ id: randomness.id(), request, expiresAt });
  const sealed = await sealer.seal("pushed_request", statement);
  events.emit({ kind: "request_pushed", clientId: client.id, scope: scopeOf(request) });
  const body = { request_uri: PUSHED_REQUEST_PREFIX + sealed, expires_in: PUSHED_REQUEST_LIFETIME_SECONDS };
  return { body, nextNonce: key?.nextNonce ?? null };
}
