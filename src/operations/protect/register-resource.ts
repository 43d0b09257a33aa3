import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { Resource, ResourceRegistration } from "../../protocol/resource.ts";
import { isEqual } from "../../shared/equal.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import type { ResourceFilter, ResourceStore } from "../ports/resource.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { quotaExceeded } from "../quota.ts";
import { notFound, requireStanding } from "../under-connection.ts";
import { checkCollections } from "./check-collections.ts";
import { type CheckIdentifiersServices, checkIdentifiers } from "./check-identifiers.ts";

interface ResourceServices {
  readonly resources: ResourceStore;
}

interface RegisterServices extends ResourceServices, CheckIdentifiersServices {
  readonly randomness: Randomness;
  readonly secrets: Pick<Secrets, "hash">;
  readonly events: EventSink;
}

/** Who registers, and the key under which they may safely send the same again; null: each request is a new one. */
interface Registrant {
  readonly caller: ConnectedCaller;
  readonly repeatKey: string | null;
}

export interface Registered {
  readonly resource: Resource;
  /** Whether this registration made it; else it was there, by its external id. */
  readonly isMade: boolean;
  /** Whether what stands is what was sent: a resource that was there keeps its description. */
  readonly isAsSent: boolean;
}

/**
 * Registers a resource (FedAuthz §3.2.1), or finds the one that has the same external id. It takes nothing away from
 * anybody, so it does not pass the ledger (docs/design.md, decision 3).
 * @returns a resource with an id that was made here and is never reused.
 * @throws ProtocolError invalid_token, invalid_request for a collection that there is not, or quota_exceeded when the connection has as many or as much as it may.
 */
export async function registerResource(
  services: RegisterServices,
  registrant: Registrant,
  registration: ResourceRegistration,
  now: number,
): Promise<Registered> {
  const { caller } = registrant;
  const { description, externalId } = registration;
  await checkCollections(services, caller, description);
  const id = services.randomness.id();
  const operationId = await operationIdOf(services, registrant, registration);
  await checkIdentifiers(services, caller, { own: { id, externalId, operationId }, before: null, description });
  const stored = await services.resources.insert(caller, { ...registration, id, operationId }, now);
  const registered = requireStanding(stored);
  if (registered === null) throw quotaExceeded();
  const { ownerId, clientId } = caller;
  const { id: subject } = registered.resource;
  if (registered.isMade)
    services.events.emit({ kind: "changed", change: "register_resource", subject, ownerId, clientId });
  const isAsSent = isEqual(registered.resource.description, description);
  return { ...registered, isAsSent };
}

/** A repeat is the same registration by the same caller under the same key, and nothing else. */
async function operationIdOf(
  { secrets }: RegisterServices,
  { caller, repeatKey }: Registrant,
  registration: ResourceRegistration,
): Promise<string | null> {
  if (repeatKey === null) return null;
  return secrets.hash(JSON.stringify([caller.ownerId, caller.clientId, repeatKey, registration]));
}

/** @throws ProtocolError not_found, alike for an unknown id and another owner's or resource server's. */
export async function readResource(services: ResourceServices, caller: ConnectedCaller, id: string): Promise<Resource> {
  const resource = requireStanding(await services.resources.find(caller, id));
  if (!resource) throw notFound();
  return resource;
}

/** Every id that this resource server registered for this owner (FedAuthz §3.2.5). */
export async function listResources(
  services: ResourceServices,
  caller: ConnectedCaller,
  filter: ResourceFilter,
): Promise<readonly string[]> {
  return requireStanding(await services.resources.list(caller, filter));
}

/** One page of these ids. */
export async function listResourcePage(
  services: ResourceServices,
  caller: ConnectedCaller,
  filter: ResourceFilter,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<string>> {
  return requireStanding(await services.resources.listPage(caller, filter, page));
}
