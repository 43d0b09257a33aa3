import { Hono } from "hono";
import { policySchema } from "../policy/language/schema.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, publicJson } from "./respond.ts";

const HEADERS = { "Content-Type": "application/schema+json" };

/** The published JSON Schema of policies and groups, for editors and tools; it says nothing about any owner. */
export function schemaRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/policy.json", (c) => publicJson(policySchema(c.var.services.config.issuer), HEADERS))
    .all("/policy.json", onlyMethods("GET"));
}
