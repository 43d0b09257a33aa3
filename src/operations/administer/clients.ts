import type { VersionExpectation } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { type ClientRegistration, usesSecret } from "../../protocol/client-registration.ts";
import type { Choices } from "../../protocol/profile.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { PctStore } from "../ports/pct.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { Receipt } from "../under-connection.ts";
import { removeFromOwner } from "./owners.ts";
import { reviewWrittenClient } from "./review.ts";
import { unknownClient } from "./unknown-client.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

/** A client may be connected to as many owners as there are. */
const OWNERS_AT_A_TIME = 50;

interface ClientServices {
  readonly config: { readonly profile: Pick<Choices, "clientAuthentication"> };
  readonly clients: ClientStore;
  readonly connections: Pick<ConnectionStore, "listByClient" | "listOwnersOf">;
  readonly ledgers: LedgerDirectory;
  readonly publishedKeys: PublishedKeys;
  readonly randomness: Randomness;
  readonly secrets: Secrets;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "listTrusted">;
  readonly events: EventSink;
  readonly pcts: Pick<PctStore, "forgetClient">;
}

/** A client, and its secret if one was made just now: it is shown this once, and only its hash is kept. */
export interface ClientWithSecret {
  readonly client: Client;
  readonly madeSecret: string | null;
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
  if (registration.authenticationMethod === "none" && !isPublic(present.value)) throw cannotBecomePublic();
  const made = await makeClient(services, registration, present.value);
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
 * Removes a client, every connection of it, and every resource that it registered. The client goes first: from then on
 * nobody can connect it, so that nothing is made behind the back of whoever clears up, and a repeat finishes what was
 * broken off.
 *
 * @throws ProtocolError not_found when neither the client nor anything of it is left; precondition_failed when it is not
 *   the version that was decided on
 */
export async function removeClient(services: ClientServices, { id, expected }: Edited): Promise<Receipt> {
  const removed = await services.clients.remove(id, typeof expected === "number" ? expected : null);
  if (!removed && (await services.clients.findCurrent(id)) !== null) throw changedMeanwhile(expected);
  const [receipt] = await Promise.all([removeTraces(services, id), removed && services.clients.leasesRunOut()]);
  // Only now does nobody have themselves remembered for it any more.
  await services.pcts.forgetClient(id);
  if (!removed && receipt === null) throw unknownClient();
  services.events.emit({ kind: "administered", what: "remove_client", subject: id });
  return receipt ?? { recorded: true, version: 0 };
}

/** @returns null when there was nothing left of the client at any owner */
async function removeTraces(services: ClientServices, id: string): Promise<Receipt | null> {
  let receipt: Receipt | null = null;
  while (receipt === null || receipt.recorded) {
    const owners = await services.connections.listOwnersOf(id, OWNERS_AT_A_TIME);
    if (owners.length === 0) return receipt;
    const receipts = await Promise.all(owners.map((ownerId) => removeFromOwner(services, ownerId, id)));
    receipt = receipts.find(({ recorded }) => !recorded) ?? { recorded: true, version: 0 };
  }
  return receipt;
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

async function makeClient(
  services: ClientServices,
  { clientSecret, ...registration }: ClientRegistration,
  present: Pick<Client, "id" | "secretHash" | "createdAt">,
): Promise<Omit<ClientWithSecret, "version">> {
  const { id, createdAt } = present;
  if (!usesSecret(registration.authenticationMethod)) {
    return { client: { ...registration, id, createdAt, secretHash: null }, madeSecret: null };
  }
  const madeSecret = clientSecret === null && present.secretHash === null ? services.secrets.random() : null;
  const newSecret = clientSecret ?? madeSecret;
  const secretHash = newSecret === null ? present.secretHash : await services.secrets.hash(newSecret);
  return { client: { ...registration, id, createdAt, secretHash }, madeSecret };
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

function cannotBecomePublic(): ProtocolError {
  return new ProtocolError(
    "invalid_request",
    "token_endpoint_auth_method: a client that authenticates cannot become public; register another client",
  );
}
