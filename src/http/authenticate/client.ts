import type { ClientAssertions, ClientStore } from "../../operations/ports/client.ts";
import type { FailureLimiter } from "../../operations/ports/failure.ts";
import type { Secrets } from "../../operations/ports/secret.ts";
import type { Client } from "../../protocol/client.ts";
import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { FormParameters } from "../form.ts";
import { whereaboutsOf } from "../whereabouts.ts";
import { METHODS_OF, type PresentedClient, parsePresentedClient } from "./presented-client.ts";

/** Compared with when the client is unknown, so that it costs as much work as a wrong secret. Nobody gets in by it. */
const NOBODYS_HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

export interface ClientAuthentication {
  readonly config: { readonly issuer: string };
  readonly clients: ClientStore;
  readonly secrets: Secrets;
  readonly clientAssertions: ClientAssertions;
  readonly failures: FailureLimiter;
}

/**
 * Authenticates the client of a token or revocation request (RFC 6749 §2.3); a public client only names itself.
 * @throws ProtocolError invalid_client, the same for an unknown client and a wrong secret; too_many_requests for a
 *   client that keeps failing from one address. Only failures count, so the right secret always passes.
 */
export async function authenticateClient(
  request: Request,
  form: FormParameters,
  services: ClientAuthentication,
  now: number,
): Promise<Client> {
  const presented = parsePresentedClient(request, form, (assertion) => services.clientAssertions.subject(assertion));
  try {
    return await checkPresented(presented, request, services, now);
  } catch (error) {
    if (isFailure(error)) await recordFailure(presented.id, request, services.failures);
    throw error;
  }
}

/** An outage is nobody's wrong guess. */
function isFailure(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === "invalid_client";
}

async function checkPresented(
  presented: PresentedClient,
  request: Request,
  services: ClientAuthentication,
  now: number,
): Promise<Client> {
  const client = await services.clients.find(presented.id);
  if (presented.method === "secret") await checkSecret(client, presented.secret, services.secrets);
  if (!client || !METHODS_OF[presented.method].includes(client.authenticationMethod)) throw authenticationFailed();
  if (presented.method === "private_key_jwt") {
    const audiences = acceptedAudiences(request, services.config.issuer);
    await services.clientAssertions.verify(presented.assertion, client, audiences, now);
  }
  return client;
}

async function checkSecret(client: Client | null, secret: string, secrets: Secrets): Promise<void> {
  const known = client?.secretHash ?? null;
  const matches = await secrets.matches(secret, known ?? NOBODYS_HASH);
  if (known === null || !matches) throw authenticationFailed();
}

/** What may stand for this server in an assertion: its issuer, its token endpoint, the endpoint that was called. */
function acceptedAudiences(request: Request, issuer: string): readonly string[] {
  const { origin, pathname } = new URL(request.url);
  return [issuer, `${issuer}/token`, origin + pathname];
}

/** @throws ProtocolError too_many_requests once this client failed too often from this address. */
async function recordFailure(clientId: string, request: Request, failures: FailureLimiter): Promise<void> {
  const { address } = whereaboutsOf(request);
  if (await failures.record(`client:${clientId}|${address ?? ""}`)) return;
  throw new ProtocolError("too_many_requests", "client authentication failed too often; wait before the next attempt", {
    retryAfter: FAILURE_WINDOW_SECONDS,
  });
}

function authenticationFailed(): ProtocolError {
  return new ProtocolError("invalid_client", "client authentication failed: check client_id, secret and method");
}
