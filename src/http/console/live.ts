import { Hono } from "hono";
import { listenToOwner } from "../../operations/console/listen.ts";
import { foreignForm, ProtocolError } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { actingOnly } from "./acting.ts";

/**
 * Tells a page that is open that something has happened, so that it looks again. Nothing is said of what: whoever
 * listens for long after their right has ended learns no more than that.
 */
export function liveRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), async (c) => {
      const { services, acting } = c.var;
      // Browsers let any page open a socket, with the cookies of whoever is there (RFC 6455 §10.2).
      if (c.req.header("Origin") !== new URL(services.config.issuer).origin) throw foreignForm();
      if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") {
        throw new ProtocolError("unsupported_method_type", "this takes WebSockets");
      }
      const { status, webSocket } = await listenToOwner(services, acting.actor);
      return new Response(null, { status, webSocket: webSocket ?? null });
    })
    .all("/", onlyPageMethods("GET"));
}
