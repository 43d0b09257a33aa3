import { Hono } from "hono";
import {
  distrustIssuer,
  listIssuers,
  loadIssuer,
  replaceIssuer,
  trustIssuer,
  unknownIssuer,
} from "../../operations/administer/issuers.ts";
import { parseIssuerRegistration, renderIssuer } from "../../protocol/issuer-registration.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { readAdminBody } from "./body.ts";

/** Trusted issuers: whose ID Tokens count, and for what (docs/design.md, decision 7). */
export function administerIssuers(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services } = c.var;
      const registration = parseIssuerRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const trusted = await trustIssuer(services, registration);
      const location = `${services.config.issuer}/admin/issuers/${trusted.id}`;
      return privateJson(renderIssuer(trusted), 201, { Location: location });
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listIssuers(c.var.services, cursor, limit), renderIssuer));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => privateJson(renderIssuer(await loadIssuer(c.var.services, idOf(c.req, unknownIssuer)))))
    .put("/:id", async (c) => {
      const { services } = c.var;
      const registration = parseIssuerRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      return privateJson(renderIssuer(await replaceIssuer(services, idOf(c.req, unknownIssuer), registration)));
    })
    .delete("/:id", async (c) => {
      await distrustIssuer(c.var.services, idOf(c.req, unknownIssuer));
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}
