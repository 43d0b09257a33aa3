import type { Client } from "../../protocol/client.ts";
import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import type { ClientAuthenticationMethod } from "../../protocol/wire/client.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { ClientAssertions, ClientStore } from "../ports/client.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Secrets } from "../ports/secret.ts";

/** Compared with when the client is unknown, so that it costs as much work as a wrong secret. Nobody gets in by it. */
const NOBODYS_HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** How a client says who it is, before anything of it is believed. */
export type PresentedClient =
  | { readonly method: "secret"; readonly id: string; readonly secret: string }
  | { readonly method: "private_key_jwt"; readonly id: string; readonly assertion: string }
  | { readonly method: "none"; readonly id: string };

/** Where a presented method may stand in for a registered one: header and body hold the same secret. */
const METHODS_OF: Readonly<Record<PresentedClient["method"], readonly ClientAuthenticationMethod[]>> = {
  secret: ["client_secret_basic", "client_secret_post"],
  private_key_jwt: ["private_key_jwt"],
  none: ["none"],
};

/** An attempt of a client to authenticate. */
interface ClientAttempt {
  readonly presented: PresentedClient;
  /** The URL of the endpoint that was called, without its query. */
  readonly endpoint: string;
  /** Where it came from, as the edge saw it; null when not known. */
  readonly address: string | null;
}

interface ClientAuthenticationServices {
  readonly config: { readonly issuer: string };
  readonly clients: Pick<ClientStore, "find">;
  readonly secrets: Pick<Secrets, "matches">;
  readonly clientAssertions: Pick<ClientAssertions, "verify">;
  readonly failures: FailureLimiter;
}

/** The client that an assertion names (RFC 7523 §3, sub), before anything is verified; null when it names none. */
export function readAssertedClientId(
  { clientAssertions }: { readonly clientAssertions: Pick<ClientAssertions, "subject"> },
  assertion: string,
): string | null {
  return clientAssertions.subject(assertion);
}

/**
 * Authenticates the client of a token or revocation request (RFC 6749 §2.3); a public client only names itself.
 * @throws ProtocolError invalid_client, the same for an unknown client and a wrong secret; too_many_requests for a
 *   client that keeps failing from one address. Only failures count, so the right secret always passes.
 */
export async function authenticateClient(
  services: ClientAuthenticationServices,
  attempt: ClientAttempt,
  now: number,
): Promise<Client> {
  try {
    return await checkAttempt(services, attempt, now);
  } catch (error) {
    if (isFailure(error)) await recordFailure(services.failures, attempt);
    throw error;
  }
}

/** An outage is nobody's wrong guess. */
function isFailure(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === "invalid_client";
}

async function checkAttempt(
  services: ClientAuthenticationServices,
  { presented, endpoint }: ClientAttempt,
  now: number,
): Promise<Client> {
  const client = await services.clients.find(presented.id);
  if (presented.method === "secret") await checkSecret(services.secrets, client, presented.secret);
  if (!client || !METHODS_OF[presented.method].includes(client.authenticationMethod)) throw authenticationFailed();
  if (presented.method === "private_key_jwt") {
    const audiences = acceptedAudiences(services.config.issuer, endpoint);
    await services.clientAssertions.verify(presented.assertion, client, audiences, now);
  }
  return client;
}

async function checkSecret(secrets: Pick<Secrets, "matches">, client: Client | null, secret: string): Promise<void> {
  const known = client?.secretHash ?? null;
  const matches = await secrets.matches(secret, known ?? NOBODYS_HASH);
  if (known === null || !matches) throw authenticationFailed();
}

/** What may stand for this server in an assertion: its issuer, its token endpoint, the endpoint that was called. */
function acceptedAudiences(issuer: string, endpoint: string): readonly string[] {
  return [issuer, issuer + ENDPOINTS.token, endpoint];
}

/** @throws ProtocolError too_many_requests once this client failed too often from this address. */
async function recordFailure(failures: FailureLimiter, { presented, address }: ClientAttempt): Promise<void> {
  if (await failures.record(`client:${presented.id}|${address ?? ""}`)) return;
  throw new ProtocolError("too_many_requests", "client authentication failed too often; wait before the next attempt", {
    retryAfter: FAILURE_WINDOW_SECONDS,
  });
}

function authenticationFailed(): ProtocolError {
  return new ProtocolError("invalid_client", "client authentication failed: check client_id, secret and method");
}
