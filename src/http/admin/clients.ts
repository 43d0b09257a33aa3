import { type Context, Hono } from "hono";
import {
  listClients,
  loadClient,
  registerClient,
  removeClient,
  renewSecret,
  replaceClient,
  type WrittenClient,
} from "../../operations/administer/clients.ts";
import { unknownClient } from "../../operations/administer/unknown-client.ts";
import type { Edited } from "../../operations/administer/versions.ts";
import type { Client } from "../../protocol/client.ts";
import { parseClientRegistration, renderClient } from "../../protocol/client-registration.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { clientIdOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
import { readAdminBody } from "./body.ts";

/** Clients: apps that ask for access, resource servers, and owners' tools. */
export function administerClients(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const registration = parseClientRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const made = await registerClient(services, registration, now);
      const location = `${services.config.issuer}/admin/clients/${made.client.id}`;
      return renderWritten(made, 201, { Location: location });
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listClients(c.var.services, cursor, limit), renderClient));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const { value, version } = await loadClient(c.var.services, clientIdOf(c.req, unknownClient));
      return privateJson(renderClient(value), 200, versionTag(version));
    })
    .put("/:id", async (c) => {
      const { services } = c.var;
      const registration = parseClientRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      return renderWritten(await replaceClient(services, await editedClient(c), registration));
    })
    .delete("/:id", async (c) => {
      return renderRemoved(await removeClient(c.var.services, await editedClient(c), c.var.now));
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"))
    .post("/:id/secret", async (c) => {
      const { client, madeSecret, version } = await renewSecret(c.var.services, await editedClient(c));
      return privateJson(renderWithSecret(client, madeSecret), 200, versionTag(version));
    })
    .all("/:id/secret", onlyMethods("POST"));
}

function renderWritten(
  { client, madeSecret, version, warnings }: WrittenClient,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = withWarnings(renderWithSecret(client, madeSecret), warnings);
  return privateJson(body, status, { ...versionTag(version), ...headers });
}

/** A secret made here is shown this once. */
function renderWithSecret(client: Client, madeSecret: string | null): object {
  return { ...renderClient(client), ...(madeSecret === null ? {} : { client_secret: madeSecret }) };
}

async function editedClient({ req, var: { services } }: Context<UsherEnv>): Promise<Edited> {
  const id = clientIdOf(req, unknownClient);
  return { id, expected: await expectedVersion(req, async () => (await loadClient(services, id)).version) };
}
