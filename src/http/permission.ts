import { Hono } from "hono";
import { requestPermission } from "../operations/protect/request-permission.ts";
import { parsePermissionRequest } from "../protocol/permission.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { MAX_PERMISSION_BODY_BYTES } from "../shared/limits.ts";
import { protectedBy } from "./authenticate/connected-caller.ts";
import { readJson } from "./body.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/** The permission endpoint (FedAuthz §4). */
export function permissionRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", protectedBy(PROTECTION_SCOPE), async (c) => {
      const { services, caller, now } = c.var;
      const permissions = parsePermissionRequest(await readJson(c.req.raw, MAX_PERMISSION_BODY_BYTES));
      return privateJson({ ticket: await requestPermission(services, caller, permissions, now) }, 201);
    })
    .all("/", onlyMethods("POST"));
}
