import type { Config } from "../../config.ts";
import { parseClientMetadata } from "../../protocol/client-metadata.ts";
import { UNUSED_CLIENT_SECONDS } from "../../protocol/lifetimes.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import { OPEN_ALLOWANCE } from "../../protocol/registration-allowance.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_REGISTRATIONS_PER_SOURCE_PER_HOUR } from "../../shared/limits.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import { makeClient } from "../make-client.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Pacer } from "../ports/pace.ts";
import type { InitialAccessToken, InitialAccessTokenStore, RegistrationStore } from "../ports/registration.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { SoftwareStatements } from "../ports/software-statement.ts";
import { provenanceOf, readStatement } from "./read-statement.ts";
import type { RegisteredClient } from "./registered-client.ts";

interface RegisterServices {
  readonly config: Pick<
    Config,
    "issuer" | "profile" | "clientCertificates" | "clientRegistration" | "registrationsPerHour"
  >;
  readonly registrations: Pick<RegistrationStore, "insert" | "insertByToken">;
  readonly initialAccessTokens: Pick<InitialAccessTokenStore, "find">;
  readonly softwareStatements: SoftwareStatements;
  readonly randomness: Randomness;
  readonly secrets: Secrets;
  readonly failures: FailureLimiter;
  readonly pacer: Pacer;
  readonly events: EventSink;
}

/** What comes to the registration endpoint. */
interface RegistrationRequest {
  readonly metadata: unknown;
  /** The initial access token that came along; null: none. */
  readonly token: string | null;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Registers a client by what it says about itself (RFC 7591 §3).
 * @throws ProtocolError not_found where nobody may; invalid_token, too_many_requests; and what parseClientMetadata throws
 */
export async function registerItself(
  services: RegisterServices,
  { metadata, token, source }: RegistrationRequest,
  now: number,
): Promise<RegisteredClient> {
  const { config, registrations, randomness, secrets } = services;
  const right = await findRight(services, token, source, now);
  const id = randomness.id();
  const allowance = right?.allowance ?? OPEN_ALLOWANCE;
  const terms = { clientId: id, allowance, home: null, config };
  const statement = await readStatement(services, metadata, now);
  const registration = parseClientMetadata(metadata, terms, statement?.members);
  if (right === null) await keepPace(services, source);
  const kept = { id, secretHash: null, provenance: provenanceOf(registration, statement), createdAt: now };
  const { client, madeSecret } = await makeClient(services, registration, kept);
  const accessToken = secrets.random();
  const managed = { clientId: id, tokenHash: await secrets.hash(accessToken), statement: statement?.text ?? null };
  if (right === null) {
    await registrations.insert(client, { ...managed, allowance, endsAt: now + UNUSED_CLIENT_SECONDS });
  } else if (!(await registrations.insertByToken(client, managed, right.id, now))) {
    throw badToken();
  }
  services.events.emit({ kind: "client_registered", clientId: id, initialAccessTokenId: right?.id ?? null });
  return { client, madeSecret, accessToken, statement: managed.statement };
}

/** @returns the initial access token that lets them; null: anybody may */
async function findRight(
  services: RegisterServices,
  token: string | null,
  source: string,
  now: number,
): Promise<InitialAccessToken | null> {
  const mode = services.config.clientRegistration;
  if (mode === "closed") throw new ProtocolError("not_found", "clients are registered by the operator of this server");
  if (token === null && mode === "open") return null;
  if (token === null)
    throw new ProtocolError("invalid_token", "send an initial access token of this server's operator");
  const attempt = { subject: "initial access token", source };
  checkPenalty(services.failures, attempt, "wrong initial access tokens");
  const right = await services.initialAccessTokens.find(await services.secrets.hash(token), now);
  if (right !== null) return right;
  await recordFailure(services.failures, attempt, "wrong initial access tokens");
  throw badToken();
}

/** Each costs rows for a while, so no source and not all together register without end. */
async function keepPace({ pacer, config }: RegisterServices, source: string): Promise<void> {
  const bySource = hourlyPace(MAX_REGISTRATIONS_PER_SOURCE_PER_HOUR);
  const wait =
    (await pacer.take(`registrations-from:${source}`, bySource)) ||
    (await pacer.take("registrations", hourlyPace(config.registrationsPerHour)));
  if (wait === 0) return;
  throw new ProtocolError("too_many_requests", "too many clients were registered of late: wait before the next", {
    retryAfter: wait,
  });
}

function badToken(): ProtocolError {
  return new ProtocolError("invalid_token", "the initial access token is not good here, or not any more");
}
