import type { Actor } from "../../protocol/actor.ts";
import type {
  OwnedResource,
  OwnedResourceQuery,
  OwnedResourceStore,
  ResourceSurvey,
  WordedResource,
} from "../ports/owned-resource.ts";
import type { Page } from "../ports/page.ts";
import { notFound, requireStanding } from "../under-connection.ts";

interface ReadServices {
  readonly ownedResources: OwnedResourceStore;
}

/** @throws ProtocolError invalid_token; not_found, alike for what never was and for another owner's. */
export async function readOwnedResource(
  { ownedResources }: ReadServices,
  caller: Actor,
  id: string,
): Promise<WordedResource> {
  const resource = requireStanding(await ownedResources.find(caller, id));
  if (resource === null) throw notFound();
  return resource;
}

/** A page of them, with what it can be narrowed by. @throws ProtocolError invalid_token, invalid_request */
export async function surveyOwnedResources(
  { ownedResources }: ReadServices,
  caller: Actor,
  query: OwnedResourceQuery,
): Promise<ResourceSurvey> {
  return requireStanding(await ownedResources.survey(caller, query));
}

/** What an owner has registered, at whichever resource server. @throws ProtocolError invalid_token, invalid_request */
export async function listOwnedResources(
  { ownedResources }: ReadServices,
  caller: Actor,
  query: OwnedResourceQuery,
): Promise<Page<OwnedResource>> {
  return requireStanding(await ownedResources.list(caller, query));
}
