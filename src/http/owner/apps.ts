import { Hono } from "hono";
import { listConnectedApps } from "../../operations/console/apps.ts";
import type { ConnectedApp } from "../../operations/ports/connected-app.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** What is connected to an owner. It is ended in person: no tool ends another, or itself. */
export function connectedAppRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", protectedBy(POLICY_SCOPE), async (c) => {
      const { services, caller } = c.var;
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listConnectedApps(services, caller, { cursor, limit }), render));
    })
    .all("/", onlyMethods("GET"));
}

function render({ clientId, name, clientUri, scopes, since, resources }: ConnectedApp): object {
  return {
    client_id: clientId,
    client_name: name,
    ...(clientUri === null ? {} : { client_uri: clientUri }),
    scopes,
    connected_at: since,
    resources,
  };
}
