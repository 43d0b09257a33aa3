import type { ConnectedCaller } from "../../protocol/connection.ts";
import { isWithin } from "../../protocol/resource-identifier.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import { invalidRequest } from "../../shared/error.ts";
import { wireSafe } from "../../shared/wire-text.ts";
import type { ClientStore } from "../ports/client.ts";
import type { DoorStore, OwnResource } from "../ports/door.ts";

export interface CheckIdentifiersServices {
  readonly clients: Pick<ClientStore, "find">;
  readonly doors: Pick<DoorStore, "listTaken">;
}

/** The resource that is described. */
interface Described {
  readonly own: OwnResource;
  /** The description so far: what stands in it already is not asked about again. */
  readonly before: ResourceDescriptionBody | null;
  readonly description: ResourceDescriptionBody;
}

/**
 * By an identifier (RFC 8707) clients ask for a resource themselves, so it has to lie where the operator says that this
 * resource server is, and to lead to one resource of an owner.
 * @throws ProtocolError invalid_request
 */
export async function checkIdentifiers(
  services: CheckIdentifiersServices,
  { ownerId, clientId }: ConnectedCaller,
  { own, before, description }: Described,
): Promise<void> {
  const known = new Set(before?.resource_identifiers);
  const added = (description.resource_identifiers ?? []).filter((identifier) => !known.has(identifier));
  if (added.length === 0) return;
  const [client, [taken]] = await Promise.all([
    services.clients.find(clientId),
    services.doors.listTaken(ownerId, added, own),
  ]);
  const outside = added.find((identifier) => !isWithin(identifier, client?.resourceIdentifiers ?? []));
  if (outside !== undefined) {
    throw refused(`${outside} does not lie below an identifier that this resource server is registered with`);
  }
  if (taken !== undefined) throw refused(`another resource of this owner has ${taken}`);
}

function refused(fault: string) {
  return invalidRequest(wireSafe(`resource_identifiers: ${fault}`));
}
