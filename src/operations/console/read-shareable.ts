import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Group } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import { isPublic } from "../../protocol/client.ts";
import { UMA_TICKET_GRANT } from "../../protocol/wire/client.ts";
import { MAX_PAGE_ENTRIES, MAX_THINGS_SHARED_AT_ONCE } from "../../shared/limits.ts";
import { readOwnedResource } from "../own/read-resources.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { OwnedResourceStore, WordedResource } from "../ports/owned-resource.ts";
import type { PolicyStore } from "../ports/policy.ts";
import { requireStanding } from "../under-connection.ts";

interface ReadServices {
  readonly ownedResources: OwnedResourceStore;
}

/**
 * What is to be shared, the first of them first.
 * @throws ProtocolError not_found where one of these is not there, or is another owner's.
 */
export function readThings(
  services: ReadServices,
  actor: Actor,
  ids: readonly string[],
): Promise<readonly WordedResource[]> {
  const distinct = [...new Set(ids)].slice(0, MAX_THINGS_SHARED_AT_ONCE);
  return Promise.all(distinct.map((id) => readOwnedResource(services, actor, id)));
}

/** The groups that an owner can share with; of very many the first. */
export async function listOwnGroups(
  { policies }: { readonly policies: Pick<PolicyStore, "listGroups"> },
  actor: Actor,
): Promise<readonly Group[]> {
  return requireStanding(await policies.listGroups(actor, null, MAX_PAGE_ENTRIES)).items;
}

/** An app that an owner can share with. */
export interface KnownApp {
  readonly id: string;
  readonly name: string;
}

interface AppServices {
  readonly clients: Pick<ClientStore, "find">;
  readonly connections: Pick<ConnectionStore, "listByOwner">;
  readonly ledgers: LedgerDirectory;
}

/** Grants of which the apps are looked at. */
const GRANTS_LOOKED_AT = 20;

/**
 * The apps that an owner knows: those that are connected, and those by which others come at present. One that only names
 * itself is none, because anybody may give its name; neither is one that may not ask for anything.
 */
export async function listKnownApps(services: AppServices, actor: Actor): Promise<readonly KnownApp[]> {
  const sought = { clientId: null, partyReference: null, resourceId: null, after: null, limit: GRANTS_LOOKED_AT };
  const [connections, held] = await Promise.all([
    services.connections.listByOwner(actor.ownerId),
    services.ledgers.ledger(actor.ownerId).grants({ caller: actor, ...sought }),
  ]);
  const using = held.outcome === "listed" ? held.items : [];
  const ids = new Set([...connections, ...using].map(({ clientId }) => clientId));
  const clients = await Promise.all([...ids].slice(0, MAX_PAGE_ENTRIES).map((id) => services.clients.find(id)));
  return clients
    .filter((client) => client !== null)
    .filter((client) => !isPublic(client) && client.grantTypes.includes(UMA_TICKET_GRANT))
    .map(({ id, name }) => ({ id, name }));
}
