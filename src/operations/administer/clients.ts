import type { VersionExpectation } from "../../ledger/change.ts";
import type { Client } from "../../protocol/client.ts";
import { type ClientRegistration, usesSecret } from "../../protocol/client-registration.ts";
import type { ClientChoices } from "../../protocol/client-review.ts";
import { limitAllowance } from "../../protocol/registration-allowance.ts";
import { invalidRequest } from "../../shared/error.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import { becomesPublic, CANNOT_BECOME_PUBLIC, type MadeClient, makeClient } from "../make-client.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import type { RegistrationStore } from "../ports/registration.ts";
import type { Secrets } from "../ports/secret.ts";
import { type RemovalServices, removeClientWholly } from "../remove-client.ts";
import type { Receipt } from "../under-connection.ts";
import { reviewWrittenClient } from "./review.ts";
import { unknownClient } from "./unknown-client.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface ClientServices extends RemovalServices {
  readonly registrations: RemovalServices["registrations"] & Pick<RegistrationStore, "find" | "limit">;
  readonly config: ClientChoices;
  readonly clients: ClientStore;
  readonly connections: Pick<ConnectionStore, "listByClient" | "listOwnersOf">;
  readonly publishedKeys: PublishedKeys;
  readonly secrets: Secrets;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "listTrusted">;
}

interface ClientWithSecret extends MadeClient {
  readonly version: number;
}

/** A client as it was just written, and what of it should be looked at again. */
export interface WrittenClient extends ClientWithSecret {
  readonly warnings: readonly Warning[];
}

export async function registerClient(
  services: ClientServices,
  registration: ClientRegistration,
  now: number,
): Promise<WrittenClient> {
  const made = await makeClient(services, registration, {
    id: services.randomness.id(),
    secretHash: null,
    provenance: "operator",
    createdAt: now,
  });
  await services.clients.insert(made.client);
  services.events.emit({ kind: "administered", what: "register_client", subject: made.client.id });
  return { ...made, version: 1, warnings: await reviewWrittenClient(services, made.client) };
}

/**
 * Replaces what is registered; the secret stays unless another one is sent.
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on;
 *   invalid_request for a client that would become public: policies that name it count on nobody else using its name
 *   (operations/own/check-strangers.ts).
 */
export async function replaceClient(
  services: ClientServices,
  { id, expected }: Edited,
  registration: ClientRegistration,
): Promise<WrittenClient> {
  const present = await loadClient(services, id);
  checkVersion(expected, present.version);
  if (present.value.provenance === "document") throw invalidRequest("this client says itself what it is, at its id");
  if (becomesPublic(present.value, registration)) throw invalidRequest(CANNOT_BECOME_PUBLIC);
  await limitRegistration(services, id, registration);
  const made = await makeClient(services, registration, { ...present.value, provenance: "operator" });
  const version = await store(services, made.client, present.version, expected);
  services.events.emit({ kind: "administered", what: "replace_client", subject: id });
  return { ...made, version, warnings: await reviewWrittenClient(services, made.client) };
}

/**
 * Makes a new secret; the old one is good for nothing once this returns.
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on;
 *   invalid_request for a client that has none.
 */
export async function renewSecret(services: ClientServices, { id, expected }: Edited): Promise<ClientWithSecret> {
  const { value: client, version: present } = await loadClient(services, id);
  checkVersion(expected, present);
  if (!usesSecret(client.authenticationMethod)) {
    throw invalidRequest(`a client with ${client.authenticationMethod} has no secret`);
  }
  const madeSecret = services.secrets.random();
  const renewed = { ...client, secretHash: await services.secrets.hash(madeSecret) };
  const version = await store(services, renewed, present, expected);
  services.events.emit({ kind: "administered", what: "renew_secret", subject: id });
  return { client: renewed, madeSecret, version };
}

/**
 * Removes a client and whatever there is of it; a repeat finishes what was broken off.
 * @throws ProtocolError not_found when neither the client nor anything of it is left; precondition_failed when it is not
 *   the version that was decided on
 */
export async function removeClient(services: ClientServices, { id, expected }: Edited, now: number): Promise<Receipt> {
  const removal = await removeClientWholly(services, id, typeof expected === "number" ? expected : null, now);
  if (removal === null) throw changedMeanwhile(expected);
  if (!removal.removed && removal.receipt === null) throw unknownClient();
  services.events.emit({ kind: "administered", what: "remove_client", subject: id });
  return removal.receipt ?? { recorded: true, version: 0 };
}

export function listClients(
  { clients }: Pick<ClientServices, "clients">,
  cursor: string | null,
  limit: number,
): Promise<Page<Client>> {
  return clients.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadClient(services: Pick<ClientServices, "clients">, id: string): Promise<Versioned<Client>> {
  const client = await services.clients.findCurrent(id);
  if (client === null) throw unknownClient();
  return client;
}

/** INVARIANT: what an operator takes from a client that manages its own registration, that does not give itself again. */
async function limitRegistration(
  { registrations }: ClientServices,
  id: string,
  written: ClientRegistration,
): Promise<void> {
  const own = await registrations.find(id);
  if (own !== null) await registrations.limit(id, limitAllowance(own.allowance, written));
}

/** INVARIANT: written on the version that it was made from, so that no edit brings back what another took away. */
async function store(
  { clients }: ClientServices,
  client: Client,
  madeFrom: number,
  expected: VersionExpectation,
): Promise<number> {
  if (await clients.replace(client, madeFrom)) return madeFrom + 1;
  throw changedMeanwhile(expected);
}
