import { Hono } from "hono";
import { publishKeys } from "../operations/publish-keys.ts";
import { describeServer } from "../protocol/metadata.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods } from "./respond.ts";

/** As long as an isolate keeps keys, so that readers learn of a new one before its first use. */
const PUBLIC = { "Cache-Control": "public, max-age=300" };

/** The metadata document, the same at each of its well-known places (Grant §2, RFC 8414 §3). */
export function metadataRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", (c) => Response.json(describeServer(c.var.services.config.issuer), { headers: PUBLIC }))
    .all("/", onlyMethods("GET"));
}

/** The public keys that access tokens are signed with (RFC 7517 §5). */
export function jwksRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => Response.json(await publishKeys(c.var.services, c.var.now), { headers: PUBLIC }))
    .all("/", onlyMethods("GET"));
}
