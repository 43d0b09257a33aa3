import { type Context, Hono } from "hono";
import {
  listResourcePage,
  listResources,
  readResource,
  registerResource,
  removeResource,
  updateResource,
} from "../operations/protect/register-resource.ts";
import { checkStanding, notFound } from "../operations/under-connection.ts";
import { parseResourceDescription } from "../protocol/resource.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { ENDPOINTS } from "../protocol/wire/endpoints.ts";
import type { ResourceDescriptionBody } from "../protocol/wire/resource.ts";
import { MAX_RESOURCE_BODY_BYTES } from "../shared/limits.ts";
import { protectedBy } from "./authenticate/connected-caller.ts";
import { readJson } from "./body.ts";
import type { ConnectedEnv, UsherEnv, UsherHono } from "./context.ts";
import { linkToNext, parseFlatPaging } from "./flat-paging.ts";
import { findId } from "./path-id.ts";
import { checkPresence } from "./preconditions.ts";
import { pendingAnswer, renderRemoved } from "./receipt.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/** The resource registration endpoint (FedAuthz §3.2). */
export function resourceRegistrationRoutes(): UsherHono {
  const resourceServer = protectedBy(PROTECTION_SCOPE);
  return new Hono<UsherEnv>()
    .post("/", resourceServer, async (c) => {
      const { services, caller, now } = c.var;
      const id = await registerResource(services, caller, await readDescription(c.req.raw), now);
      const location = `${services.config.issuer}${ENDPOINTS.resourceRegistration}/${id}`;
      return privateJson({ _id: id }, 201, { Location: location });
    })
    .get("/", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const paging = parseFlatPaging(c.req.raw);
      if (paging === null) return privateJson(await listResources(services, caller));
      const page = await listResourcePage(services, caller, paging.cursor, paging.limit);
      return privateJson(page.items, 200, linkToNext(c.req.raw, page));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const id = await resourceIdOf(c);
      return privateJson({ ...(await readResource(services, caller, id)), _id: id });
    })
    .put("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const description = await readDescription(c.req.raw);
      const id = await resourceIdOf(c);
      await checkPresence(c.req, () => readResource(services, caller, id));
      const receipt = await updateResource(services, caller, id, description);
      return receipt.recorded ? privateJson({ _id: id }) : pendingAnswer({ _id: id });
    })
    .delete("/:id", resourceServer, async (c) => {
      const { services, caller } = c.var;
      const id = await resourceIdOf(c);
      await checkPresence(c.req, () => readResource(services, caller, id));
      return renderRemoved(await removeResource(services, caller, id));
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

/** A resource server whose connection has ended is told that first, whatever id it asks for. */
async function resourceIdOf(c: Context<ConnectedEnv>): Promise<string> {
  const id = findId(c.req);
  if (id !== null) return id;
  await checkStanding(c.var.services, c.var.caller, PROTECTION_SCOPE);
  throw notFound();
}

async function readDescription(request: Request): Promise<ResourceDescriptionBody> {
  return parseResourceDescription(await readJson(request, MAX_RESOURCE_BODY_BYTES));
}
