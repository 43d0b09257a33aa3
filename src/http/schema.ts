import { Hono } from "hono";
import { policySchema } from "../policy/language/schema.ts";
import { describeEverything } from "./api/everything.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { describeOwnerApi } from "./owner/api-description.ts";
import { onlyMethods, publicJson } from "./respond.ts";

const HEADERS = { "Content-Type": "application/schema+json" };

/** What is published for editors and tools: how policies and groups look, and every call. It says nothing about any owner. */
export function schemaRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/policy.json", (c) => publicJson(policySchema(c.var.services.config.issuer), HEADERS))
    .all("/policy.json", onlyMethods("GET"))
    .get("/owner-api.json", (c) => publicJson(describeOwnerApi(c.var.services.config.issuer)))
    .all("/owner-api.json", onlyMethods("GET"))
    .get("/openapi.json", (c) => publicJson(describeEverything(c.var.services.config.issuer)))
    .all("/openapi.json", onlyMethods("GET"));
}
