import { type Context, Hono } from "hono";
import {
  addProvider,
  listProviders,
  loadProvider,
  removeProvider,
  renewProviderKey,
  replaceProvider,
  unknownProvider,
  type WrittenProvider,
} from "../../operations/administer/providers.ts";
import type { Edited } from "../../operations/administer/versions.ts";
import { parseProviderRegistration, renderProvider } from "../../protocol/identity-provider-registration.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
import { readAdminBody } from "./body.ts";

/** Identity providers: where people sign in besides here, and what those may say about them. */
export function administerProviders(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const registration = parseProviderRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const added = await addProvider(services, registration, now);
      return renderWritten(c, added, 201, {
        Location: `${services.config.issuer}/admin/providers/${added.value.id}`,
      });
    })
    .get("/", async (c) => {
      const { services } = c.var;
      const { cursor, limit } = parsePaging(c.req.raw);
      const page = await listProviders(services, cursor, limit);
      return privateJson(renderPage(page, (provider) => renderProvider(provider, services.config.issuer)));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const { services } = c.var;
      const { value, version } = await loadProvider(services, idOf(c.req, unknownProvider));
      return privateJson(renderProvider(value, services.config.issuer), 200, versionTag(version));
    })
    .put("/:id", async (c) => {
      const { services, now } = c.var;
      const registration = parseProviderRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      return renderWritten(c, await replaceProvider(services, await editedProvider(c), registration, now));
    })
    .delete("/:id", async (c) => {
      await removeProvider(c.var.services, await editedProvider(c));
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"))
    .post("/:id/key", async (c) => {
      const { services } = c.var;
      const { value, version } = await renewProviderKey(services, await editedProvider(c));
      return privateJson(renderProvider(value, services.config.issuer), 200, versionTag(version));
    })
    .all("/:id/key", onlyMethods("POST"));
}

function renderWritten(
  { var: { services } }: Context<UsherEnv>,
  { value, version, warnings }: WrittenProvider,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = withWarnings(renderProvider(value, services.config.issuer), warnings);
  return privateJson(body, status, { ...versionTag(version), ...headers });
}

async function editedProvider({ req, var: { services } }: Context<UsherEnv>): Promise<Edited> {
  const id = idOf(req, unknownProvider);
  return { id, expected: await expectedVersion(req, async () => (await loadProvider(services, id)).version) };
}
