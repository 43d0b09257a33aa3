import type { ClientCertificate } from "../../protocol/certificate.ts";
import { type Client, hasRegistrationOfItsOwn, isPublic } from "../../protocol/client.ts";
import { type Choices, isServed, notServed, type ServedClients } from "../../protocol/profile.ts";
import type { ClientAuthenticationMethod } from "../../protocol/wire/client.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { ProtocolError } from "../../shared/error.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import type { ClientAssertions, ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import type { Attempt, FailureLimiter } from "../ports/failure.ts";
import type { RegistrationStore } from "../ports/registration.ts";
import type { Secrets } from "../ports/secret.ts";
import { countedCertificate } from "./certificate.ts";

/** Compared with when the client is unknown, so that it costs as much work as a wrong secret. Nobody gets in by it. */
const NOBODYS_HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const FAILED_AUTHENTICATIONS = "failed authentications of this client";

/** How a client says who it is, before anything of it is believed. */
export type PresentedClient =
  | { readonly method: "secret"; readonly id: string; readonly secret: string }
  | { readonly method: "private_key_jwt"; readonly id: string; readonly assertion: string }
  | { readonly method: "none"; readonly id: string };

/**
 * Where a presented method may stand in for a registered one: header and body hold the same secret, and beside a
 * certificate a client only names itself (RFC 8705 §2).
 */
const METHODS_OF: Readonly<Record<PresentedClient["method"], readonly ClientAuthenticationMethod[]>> = {
  secret: ["client_secret_basic", "client_secret_post"],
  private_key_jwt: ["private_key_jwt"],
  none: ["none", "tls_client_auth"],
};

/** An attempt of a client to authenticate. */
interface ClientAttempt {
  readonly presented: PresentedClient;
  /** The URL of the endpoint that was called, without its query. */
  readonly endpoint: string;
  /** With which the connection was made; null: there is none that counts. */
  readonly certificate: ClientCertificate | null;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

interface ClientAuthenticationServices {
  readonly config: {
    readonly issuer: string;
    readonly profile: Pick<Choices, "assertionAudience" | "clientAuthentication">;
    readonly clientCertificates: boolean;
  };
  readonly clients: Pick<ClientStore, "find">;
  readonly registrations: Pick<RegistrationStore, "noteUse">;
  readonly secrets: Pick<Secrets, "matches">;
  readonly clientAssertions: Pick<ClientAssertions, "verify">;
  readonly failures: FailureLimiter;
  readonly events: EventSink;
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
 * @throws ProtocolError invalid_client, the same for an unknown client and a wrong secret; too_many_requests where a
 *   client failed too often from one source. From there its secrets are then not looked at, from elsewhere they are.
 */
export async function authenticateClient(
  services: ClientAuthenticationServices,
  attempt: ClientAttempt,
  now: number,
): Promise<Client> {
  const counted = { subject: `client:${attempt.presented.id}`, source: attempt.source };
  checkGuess(services.failures, attempt, counted);
  try {
    const client = await checkAttempt(services, attempt, now);
    // Of many guesses at once those count that came before the limit was met, whichever is the right one.
    checkGuess(services.failures, attempt, counted);
    services.events.emit({ kind: "authenticated", clientId: client.id, proven: !isPublic(client) });
    if (hasRegistrationOfItsOwn(client)) services.registrations.noteUse(client.id, now);
    return client;
  } catch (error) {
    if (isFailure(error)) await recordFailure(services.failures, counted, FAILED_AUTHENTICATIONS);
    throw error;
  }
}

/** Only a secret can be guessed: a signature cannot, and a public client's name is no secret. */
function checkGuess(failures: FailureLimiter, { presented }: ClientAttempt, counted: Attempt): void {
  if (presented.method === "secret") checkPenalty(failures, counted, FAILED_AUTHENTICATIONS);
}

/** An outage is nobody's wrong guess. */
function isFailure(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === "invalid_client";
}

async function checkAttempt(
  services: ClientAuthenticationServices,
  { presented, endpoint, certificate }: ClientAttempt,
  now: number,
): Promise<Client> {
  const client = await services.clients.find(presented.id);
  if (presented.method === "secret") await checkSecret(services.secrets, client, presented.secret);
  if (client === null) throw authenticationFailed("client_unknown");
  if (!METHODS_OF[presented.method].includes(client.authenticationMethod)) throw authenticationFailed("method_wrong");
  checkServed(services.config, client);
  if (client.authenticationMethod === "tls_client_auth") checkCertificate(services.config, client, certificate);
  if (presented.method === "private_key_jwt") {
    const audiences = acceptedAudiences(services.config, endpoint);
    await services.clientAssertions.verify(presented.assertion, client, audiences, now);
  }
  return client;
}

/** RFC 8705 §2.1: whoever signs certificates vouches for the subject. */
function checkCertificate(
  config: ClientAuthenticationServices["config"],
  { certificateSubject }: Client,
  certificate: ClientCertificate | null,
): void {
  const shown = countedCertificate(config, certificate)?.subject ?? null;
  if (shown === null || shown !== certificateSubject) throw authenticationFailed("certificate_wrong");
}

async function checkSecret(secrets: Pick<Secrets, "matches">, client: Client | null, secret: string): Promise<void> {
  const known = client?.secretHash ?? null;
  const matches = await secrets.matches(secret, known ?? NOBODYS_HASH);
  if (client === null) throw authenticationFailed("client_unknown");
  if (known === null) throw authenticationFailed("method_wrong");
  if (!matches) throw authenticationFailed("secret_wrong");
}

function checkServed(config: ServedClients, { authenticationMethod }: Client): void {
  if (isServed(config, authenticationMethod)) return;
  throw new ProtocolError("invalid_client", notServed(authenticationMethod), { reason: "method_not_served" });
}

/** What may stand for this server in an assertion: its issuer, its token endpoint, the endpoint that was called. */
function acceptedAudiences(
  { issuer, profile }: ClientAuthenticationServices["config"],
  endpoint: string,
): readonly string[] {
  return profile.assertionAudience === "issuer" ? [issuer] : [issuer, issuer + ENDPOINTS.token, endpoint];
}

/** Only the operator reads which it was. What was presented is told nobody: secrets get into the wrong field. */
function authenticationFailed(
  reason: "client_unknown" | "method_wrong" | "secret_wrong" | "certificate_wrong",
): ProtocolError {
  return new ProtocolError("invalid_client", "client authentication failed: check client_id, secret and method", {
    reason,
  });
}
