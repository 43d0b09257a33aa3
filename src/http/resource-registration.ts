import { type Context, Hono } from "hono";
import {
  listResources,
  readResource,
  registerResource,
  removeResource,
  updateResource,
} from "../operations/protect/register-resource.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";
import { parseResourceDescription } from "../protocol/resource.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { ENDPOINTS } from "../protocol/wire/endpoints.ts";
import type { ResourceDescriptionBody } from "../protocol/wire/resource.ts";
import { authenticateConnectedCaller } from "./authenticate/connected-caller.ts";
import { readJson } from "./body.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { pendingAnswer, renderRemoved } from "./receipt.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/** Of one resource description. */
const MAX_BYTES = 16 * 1024;

/** The resource registration endpoint (FedAuthz §3.2). */
export function resourceRegistrationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const caller = await requirePat(c);
      const id = await registerResource(services, caller, await readDescription(c.req.raw), now);
      const location = `${services.config.issuer}${ENDPOINTS.resourceRegistration}/${id}`;
      return privateJson({ _id: id }, 201, { Location: location });
    })
    .get("/", async (c) => privateJson(await listResources(c.var.services, await requirePat(c))))
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const caller = await requirePat(c);
      const id = c.req.param("id");
      return privateJson({ ...(await readResource(c.var.services, caller, id)), _id: id });
    })
    .put("/:id", async (c) => {
      const caller = await requirePat(c);
      const id = c.req.param("id");
      const receipt = await updateResource(c.var.services, caller, id, await readDescription(c.req.raw));
      return receipt.recorded ? privateJson({ _id: id }) : pendingAnswer({ _id: id });
    })
    .delete("/:id", async (c) => {
      const caller = await requirePat(c);
      return renderRemoved(await removeResource(c.var.services, caller, c.req.param("id")));
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

function requirePat(c: Context<UsherEnv>): Promise<ConnectedCaller> {
  return authenticateConnectedCaller(c.req.raw, PROTECTION_SCOPE, c.var.services, c.var.now);
}

async function readDescription(request: Request): Promise<ResourceDescriptionBody> {
  return parseResourceDescription(await readJson(request, MAX_BYTES));
}
