import { type Context, Hono } from "hono";
import { patchResource, removeResource, updateResource } from "../operations/protect/edit-resource.ts";
import {
  listResourcePage,
  listResources,
  type Registered,
  readResource,
  registerResource,
} from "../operations/protect/register-resource.ts";
import { checkStanding, notFound } from "../operations/under-connection.ts";
import { parseResourceDescription, parseResourceRegistration, type Resource } from "../protocol/resource.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { ENDPOINTS } from "../protocol/wire/endpoints.ts";
import { MAX_RESOURCE_BODY_BYTES } from "../shared/limits.ts";
import { protectedBy } from "./authenticate/connected-caller.ts";
import { readJson } from "./body.ts";
import { consolePath } from "./console/acting.ts";
import type { ConnectedEnv, UsherEnv, UsherHono } from "./context.ts";
import { editorOf } from "./edit.ts";
import { linkToNext, parseFlatPaging } from "./flat-paging.ts";
import { findId } from "./path-id.ts";
import { expectedVersion, versionTag } from "./preconditions.ts";
import { pendingAnswer, renderRemoved } from "./receipt.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/** The resource registration endpoint (FedAuthz §3.2). */
export function resourceRegistrationRoutes(): UsherHono {
  const resourceServer = protectedBy(PROTECTION_SCOPE);
  return new Hono<UsherEnv>()
    .post("/", resourceServer, async (c) => {
      const { services, now } = c.var;
      const registration = parseResourceRegistration(await readBody(c));
      return renderRegistered(c, await registerResource(services, editorOf(c), registration, now));
    })
    .get("/", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const query = parseFlatPaging(c.req.raw, "name", "uri", "collection");
      if (query.page === null) return privateJson(await listResources(services, caller, query));
      const listed = await listResourcePage(services, caller, query, query.page);
      return privateJson(listed.items, 200, linkToNext(c.req.raw, listed));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const resource = await readResource(services, caller, await resourceIdOf(c));
      return privateJson(renderResource(resource), 200, versionTag(resource.version));
    })
    .put("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const description = parseResourceDescription(await readBody(c));
      const edited = await editedResource(c);
      const receipt = await updateResource(services, caller, edited, description);
      const answer = named(c, edited.id);
      return receipt.recorded ? privateJson(answer, 200, versionTag(receipt.version)) : pendingAnswer(answer);
    })
    .patch("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const edited = await editedResource(c);
      const patch = await readBody(c);
      const { resource, receipt } = await patchResource(services, caller, edited, patch);
      if (!receipt.recorded) return pendingAnswer({ _id: edited.id });
      return privateJson(renderResource(resource), 200, versionTag(receipt.version));
    })
    .delete("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      return renderRemoved(await removeResource(services, caller, await editedResource(c)));
    })
    .all("/:id", onlyMethods("GET", "PUT", "PATCH", "DELETE"));
}

async function editedResource(c: Context<ConnectedEnv>) {
  const { services, caller } = c.var;
  const id = await resourceIdOf(c);
  const current = async () => (await readResource(services, caller, id)).version;
  return { id, expected: await expectedVersion(c.req, current) };
}

/** A resource server whose connection has ended is told that first, whatever id it asks for. */
async function resourceIdOf(c: Context<ConnectedEnv>): Promise<string> {
  const id = findId(c.req);
  if (id !== null) return id;
  await checkStanding(c.var.services, c.var.caller, PROTECTION_SCOPE);
  throw notFound();
}

function readBody(c: Context<ConnectedEnv>): Promise<unknown> {
  return readJson(c.req.raw, MAX_RESOURCE_BODY_BYTES);
}

function renderResource({ id, description, externalId }: Resource): object {
  return { ...description, ...(externalId === null ? {} : { external_id: externalId }), _id: id };
}

/** FedAuthz §3.2: what a resource goes by, and where its owner sees who can see it, and shares it. */
function named(
  c: Context<ConnectedEnv>,
  id: string,
): { readonly _id: string; readonly user_access_policy_uri: string } {
  const page = `${consolePath(c.var.caller.ownerId)}/things/${id}`;
  return { _id: id, user_access_policy_uri: c.var.services.config.issuer + page };
}

/** What was there already is not described anew, and its resource server is told where that would make a difference. */
function renderRegistered(c: Context<ConnectedEnv>, { resource, isMade, isAsSent }: Registered): Response {
  const { id, version } = resource;
  const difference = isMade || isAsSent ? {} : { description_differs: true };
  return privateJson({ ...named(c, id), ...difference }, isMade ? 201 : 200, {
    Location: `${c.var.services.config.issuer}${ENDPOINTS.resourceRegistration}/${id}`,
    ...versionTag(version),
  });
}
