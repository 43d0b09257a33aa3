import type { Config } from "../../config.ts";
import type { Client } from "../../protocol/client.ts";
import { parseClientMetadata } from "../../protocol/client-metadata.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import { becomesPublic, CANNOT_BECOME_PUBLIC, makeClient } from "../make-client.ts";
import type { ClientStore } from "../ports/client.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Registration, RegistrationStore } from "../ports/registration.ts";
import type { Secrets } from "../ports/secret.ts";
import type { SoftwareStatements } from "../ports/software-statement.ts";
import { type RemovalServices, removeClientWholly } from "../remove-client.ts";
import { provenanceOf, readStatement } from "./read-statement.ts";
import type { RegisteredClient } from "./registered-client.ts";

interface ManageServices extends RemovalServices {
  readonly config: Pick<Config, "issuer" | "profile" | "clientCertificates">;
  readonly clients: ClientStore;
  readonly registrations: RegistrationStore;
  readonly softwareStatements: SoftwareStatements;
  readonly secrets: Secrets;
  readonly failures: FailureLimiter;
}

/** Who says to be a client that registered itself. */
export interface RegistrationCaller {
  /** As the path names it; null: that is no id. */
  readonly clientId: string | null;
  /** The registration access token; null: none was sent. */
  readonly token: string | null;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

/** A registration and its client, as that is at present; null: it is gone, and only what it left is not. */
interface Managed {
  readonly registration: Registration;
  readonly present: Versioned<Client> | null;
  readonly accessToken: string;
}

/**
 * Reads a registration (RFC 7592 §2.1).
 * @throws ProtocolError invalid_token, also for a client that is not there (any more); too_many_requests
 */
export async function readRegistration(
  services: ManageServices,
  caller: RegistrationCaller,
  now: number,
): Promise<RegisteredClient> {
  const { client, registration, accessToken } = await authenticate(services, caller, now);
  return { client: client.value, madeSecret: null, accessToken, statement: registration.statement };
}

/**
 * Replaces what a client says about itself (RFC 7592 §2.2).
 * @throws ProtocolError as readRegistration; invalid_redirect_uri or invalid_client_metadata; conflict where somebody else
 *   changed it meanwhile
 */
export async function replaceRegistration(
  services: ManageServices,
  caller: RegistrationCaller,
  metadata: unknown,
  now: number,
): Promise<RegisteredClient> {
  const { client: present, registration, accessToken } = await authenticate(services, caller, now);
  await checkSame(services, metadata, present.value);
  const terms = { clientId: present.value.id, allowance: registration.allowance, home: null, config: services.config };
  const statement = await readStatement(services, metadata, now);
  const replacement = parseClientMetadata(metadata, terms, statement?.members);
  if (becomesPublic(present.value, replacement)) throw refused(CANNOT_BECOME_PUBLIC);
  const made = await makeClient(services, replacement, {
    ...present.value,
    provenance: provenanceOf(replacement, statement),
  });
  if (!(await services.clients.replace(made.client, present.version))) {
    throw new ProtocolError("conflict", "this registration was changed at the same moment: read it and try again");
  }
  const text = statement?.text ?? null;
  await services.registrations.keepStatement(made.client.id, text);
  services.events.emit({ kind: "registration_changed", clientId: made.client.id, what: "replaced" });
  return { ...made, accessToken, statement: text };
}

/**
 * Ends a registration: the client is gone, and all that was given to it (RFC 7592 §2.3). A repeat finishes what was broken
 * off, for as long as anything is left.
 * @throws ProtocolError as readRegistration; temporarily_unavailable where a repeat is needed
 */
export async function endRegistration(
  services: ManageServices,
  caller: RegistrationCaller,
  now: number,
): Promise<void> {
  const { registration } = await findManaged(services, caller);
  const removal = await removeClientWholly(services, registration.clientId, null, now);
  if (removal !== null && (removal.receipt === null || removal.receipt.recorded)) {
    services.events.emit({ kind: "registration_changed", clientId: registration.clientId, what: "ended" });
    return;
  }
  throw unavailable("the client is gone, and what it left is being removed: send this again");
}

async function authenticate(services: ManageServices, caller: RegistrationCaller, now: number) {
  const { present: client, ...managed } = await findManaged(services, caller);
  if (client === null) throw badToken();
  services.registrations.noteUse(client.value.id, now);
  return { ...managed, client };
}

async function findManaged(
  { clients, registrations, secrets, failures }: ManageServices,
  { clientId, token, source }: RegistrationCaller,
): Promise<Managed> {
  if (token === null) throw new ProtocolError("invalid_token", "send the registration access token of this client");
  const attempt = { subject: "registration access token", source };
  checkPenalty(failures, attempt, "wrong registration access tokens");
  const [registration, present] =
    clientId === null ? [null, null] : await Promise.all([registrations.find(clientId), clients.findCurrent(clientId)]);
  if (registration !== null && (await secrets.matches(token, registration.tokenHash))) {
    return { registration, present, accessToken: token };
  }
  await recordFailure(failures, attempt, "wrong registration access tokens");
  throw badToken();
}

/** RFC 7592 §2.2: the client names itself, and its secret only as it is. */
async function checkSame({ secrets }: ManageServices, metadata: unknown, present: Client): Promise<void> {
  const { client_id, client_secret } = Object(metadata) as Readonly<Record<string, unknown>>;
  if (client_id !== present.id) throw refused("client_id: must be the id of this client");
  if (client_secret === undefined || client_secret === null) return;
  const isSame = typeof client_secret === "string" && (await secrets.matches(client_secret, present.secretHash ?? ""));
  if (!isSame) throw refused("client_secret: must be the present one, or left out");
}

function refused(description: string): ProtocolError {
  return new ProtocolError("invalid_client_metadata", description);
}

function badToken(): ProtocolError {
  return new ProtocolError("invalid_token", "the registration access token is not good for this client");
}
