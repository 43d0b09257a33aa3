import { type Context, Hono } from "hono";
import {
  distrustIssuer,
  listIssuers,
  loadIssuer,
  replaceIssuer,
  trustIssuer,
  unknownIssuer,
  type WrittenIssuer,
} from "../../operations/administer/issuers.ts";
import type { Edited } from "../../operations/administer/versions.ts";
import { parseIssuerRegistration, renderIssuer } from "../../protocol/issuer-registration.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
import { readAdminBody } from "./body.ts";

/** Trusted issuers: whose ID Tokens count, and for what (docs/design.md, decision 7). */
export function administerIssuers(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services } = c.var;
      const registration = parseIssuerRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const trusted = await trustIssuer(services, registration);
      const location = `${services.config.issuer}/admin/issuers/${trusted.value.id}`;
      return renderWritten(trusted, 201, { Location: location });
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listIssuers(c.var.services, cursor, limit), renderIssuer));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const { value, version } = await loadIssuer(c.var.services, idOf(c.req, unknownIssuer));
      return privateJson(renderIssuer(value), 200, versionTag(version));
    })
    .put("/:id", async (c) => {
      const { services } = c.var;
      const registration = parseIssuerRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      return renderWritten(await replaceIssuer(services, await editedIssuer(c), registration));
    })
    .delete("/:id", async (c) => {
      await distrustIssuer(c.var.services, await editedIssuer(c));
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

function renderWritten(
  { value, version, warnings }: WrittenIssuer,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return privateJson(withWarnings(renderIssuer(value), warnings), status, { ...versionTag(version), ...headers });
}

async function editedIssuer({ req, var: { services } }: Context<UsherEnv>): Promise<Edited> {
  const id = idOf(req, unknownIssuer);
  return { id, expected: await expectedVersion(req, async () => (await loadIssuer(services, id)).version) };
}
