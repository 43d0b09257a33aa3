import { Hono } from "hono";
import { listOwnedResources, readOwnedResource } from "../../operations/own/read-resources.ts";
import type { OwnedResource } from "../../operations/ports/owned-resource.ts";
import { notFound } from "../../operations/under-connection.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { onlyMethods, privateJson } from "../respond.ts";

const PARAMETERS = ["q", "client_id", "type", "collection"] as const;

/** What there is to share: an owner's resources, at whichever resource server. */
export function ownedResourceRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const { q, client_id, type, collection, cursor, limit } = parsePaging(c.req.raw, ...PARAMETERS);
      const query = { text: q, resourceServerId: client_id, type, collectionId: collection, cursor, limit };
      return privateJson(renderPage(await listOwnedResources(services, caller, query), renderOwnedResource));
    })
    .all("/", onlyMethods("GET"))
    .get("/:id", ownersTool, async (c) => {
      const { services, caller } = c.var;
      return privateJson(renderOwnedResource(await readOwnedResource(services, caller, idOf(c.req, notFound))));
    })
    .all("/:id", onlyMethods("GET"));
}

/** Members are named as in a resource description (FedAuthz §3.1), and left out where the resource server did. */
export function renderOwnedResource(resource: OwnedResource): object {
  const { id, name, description, iconUri, type, scopes, resourceServer, collections } = resource;
  const described = { name, description, icon_uri: iconUri, type };
  return {
    resource_id: id,
    ...Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null)),
    resource_scopes: scopes,
    ...(collections.length === 0 ? {} : { collections: collections.map((collection) => collection.id) }),
    resource_server: { client_id: resourceServer.id, client_name: resourceServer.name },
  };
}
