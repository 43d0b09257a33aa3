import { Hono } from "hono";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/**
 * Whether this server serves: that it answers says that it runs, with settings it can work with, at its issuer. It asks
 * nothing of storage: whoever calls it costs nothing, and an outage elsewhere makes nobody restart what is well.
 */
export function healthRoutes(): UsherHono {
  return new Hono<UsherEnv>().get("/", () => privateJson({ status: "ok" })).all("/", onlyMethods("GET"));
}
