import { Hono } from "hono";
import { policySchema } from "../policy/language/schema.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods } from "./respond.ts";

const HEADERS = { "Content-Type": "application/schema+json", "Cache-Control": "public, max-age=300" };

/** The published JSON Schema of policies and groups, for editors and tools; it says nothing about any owner. */
export function schemaRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/policy.json", (c) => c.body(JSON.stringify(policySchema(c.var.services.config.issuer)), 200, HEADERS))
    .all("/policy.json", onlyMethods("GET"));
}
