import { Hono } from "hono";
import { publishKeys } from "../operations/publish-keys.ts";
import { publishMetadata } from "../operations/publish-metadata.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, publicJson } from "./respond.ts";

/** The metadata document, the same at each of its well-known places (Grant §2, RFC 8414 §3). */
export function metadataRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => publicJson(await publishMetadata(c.var.services)))
    .all("/", onlyMethods("GET"));
}

/** The public keys that access tokens are signed with (RFC 7517 §5). */
export function jwksRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => publicJson(await publishKeys(c.var.services, c.var.now)))
    .all("/", onlyMethods("GET"));
}
