import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import { invalidRequest } from "../../shared/error.ts";
import { wireSafe } from "../../shared/wire-text.ts";
import type { ResourceStore } from "../ports/resource.ts";
import { requireStanding } from "../under-connection.ts";

interface CheckServices {
  readonly resources: Pick<ResourceStore, "findIds">;
}

/**
 * A collection is a resource that the same resource server registered for the same owner. One that goes while this is
 * looked at holds nothing, whoever names it.
 * @throws ProtocolError invalid_request for a collection that there is not, invalid_token.
 */
export async function checkCollections(
  services: CheckServices,
  caller: ConnectedCaller,
  { collections = [] }: ResourceDescriptionBody,
): Promise<void> {
  const unknown = await findUnknown(services, caller, collections);
  if (unknown.length > 0) throw noSuchCollection(unknown);
}

/**
 * The same for a description that was patched: a collection that is gone since it was named is left out, because
 * whoever changes something else need not know of it.
 * @throws ProtocolError as above.
 */
export async function withoutGoneCollections(
  services: CheckServices,
  caller: ConnectedCaller,
  before: ResourceDescriptionBody,
  patched: ResourceDescriptionBody,
): Promise<ResourceDescriptionBody> {
  const { collections = [] } = patched;
  const gone = await findUnknown(services, caller, collections);
  if (gone.length === 0) return patched;
  const unknown = gone.filter((id) => !before.collections?.includes(id));
  if (unknown.length > 0) throw noSuchCollection(unknown);
  return { ...patched, collections: collections.filter((id) => !gone.includes(id)) };
}

/** No question where none is named. */
async function findUnknown(
  { resources }: CheckServices,
  caller: ConnectedCaller,
  collections: readonly string[],
): Promise<readonly string[]> {
  if (collections.length === 0) return [];
  const known = requireStanding(await resources.findIds(caller, collections));
  return collections.filter((id) => !known.includes(id));
}

function noSuchCollection([id = ""]: readonly string[]) {
  return invalidRequest(wireSafe(`collections: there is no resource ${id} under this access token`));
}
