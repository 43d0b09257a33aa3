import type { Change } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import type { Page } from "../ports/page.ts";
import type { ResourceStore } from "../ports/resource.ts";
import type { Randomness } from "../ports/secret.ts";
import { quotaExceeded } from "../quota.ts";
import { notFound, type Receipt, requireReceipt, requireStanding } from "../under-connection.ts";

interface ResourceServices {
  readonly resources: ResourceStore;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
}

/**
 * Registers a resource (FedAuthz §3.2.1). It takes nothing away from anybody, so it does not pass the ledger
 * (docs/design.md, decision 3).
 * @returns its id, made here and never reused.
 * @throws ProtocolError invalid_token, or quota_exceeded when the connection has as many or as much as it may.
 */
export async function registerResource(
  services: ResourceServices,
  caller: ConnectedCaller,
  description: ResourceDescriptionBody,
  now: number,
): Promise<string> {
  const id = services.randomness.id();
  if (!requireStanding(await services.resources.insert(caller, id, description, now))) {
    throw quotaExceeded(caller);
  }
  return id;
}

/** @throws ProtocolError not_found, alike for an unknown id and another owner's or resource server's. */
export async function readResource(
  services: ResourceServices,
  caller: ConnectedCaller,
  id: string,
): Promise<ResourceDescriptionBody> {
  const resource = requireStanding(await services.resources.find(caller, id));
  if (!resource) throw notFound();
  return resource.description;
}

/** One page of these ids. */
export async function listResourcePage(
  services: ResourceServices,
  caller: ConnectedCaller,
  cursor: string | null,
  limit: number,
): Promise<Page<string>> {
  return requireStanding(await services.resources.listPage(caller, cursor, limit));
}

/** Every id that this resource server registered for this owner (FedAuthz §3.2.5). */
export async function listResources(services: ResourceServices, caller: ConnectedCaller): Promise<readonly string[]> {
  return requireStanding(await services.resources.list(caller));
}

/** Replaces the whole description (FedAuthz §3.2.3); scopes that are gone leave every ticket and RPT. */
export function updateResource(
  services: ResourceServices,
  caller: ConnectedCaller,
  id: string,
  description: ResourceDescriptionBody,
): Promise<Receipt> {
  const { clientId: resourceServerId } = caller;
  return changeResource(services, caller, { kind: "update_resource", id, resourceServerId, description });
}

/** Ends the protection of a resource (FedAuthz §3.2.4), and every permission for it. */
export function removeResource(services: ResourceServices, caller: ConnectedCaller, id: string): Promise<Receipt> {
  return changeResource(services, caller, { kind: "delete_resource", id, resourceServerId: caller.clientId });
}

async function changeResource(
  services: ResourceServices,
  caller: ConnectedCaller,
  change: Extract<Change, { readonly resourceServerId: string }>,
): Promise<Receipt> {
  // An owner's changes are all booked at home, the ledger that bears the owner's id (docs/design.md, decision 2).
  const home = services.ledgers.ledger(caller.ownerId);
  const author = { by: "caller", caller } as const;
  return requireReceipt(await home.change(services.randomness.id(), change, author), caller);
}
