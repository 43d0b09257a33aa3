import { type Context, Hono } from "hono";
import { deleteOwner, loadDeletion } from "../../operations/administer/deletions.ts";
import {
  connectClient,
  countOwner,
  createOwner,
  disconnectClient,
  listConnections,
  listOwners,
  loadOwner,
  renameOwner,
  unknownOwner,
} from "../../operations/administer/owners.ts";
import { unknownClient } from "../../operations/administer/unknown-client.ts";
import type { Edited } from "../../operations/administer/versions.ts";
import type { Owner } from "../../operations/ports/owner.ts";
import { notFound } from "../../operations/under-connection.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, parseQuery, renderPage } from "../paging.ts";
import { clientIdOf, idOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { pendingAnswer, renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
import { administerAdministrators } from "./administrators.ts";
import { readAdminBody } from "./body.ts";
import { renderDeletion } from "./deletions.ts";
import { administerInvitations } from "./invitations.ts";
import {
  parseConnectionScopes,
  parseNewOwner,
  parseOwnerName,
  renderConnection,
  renderCounts,
  renderOwner,
} from "./owner-body.ts";

/** Resource owners' accounts, and which clients act for them. */
export function administerOwners(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const owner = await createOwner(services, parseNewOwner(await readAdminBody(c.req.raw)), now);
      const location = `${services.config.issuer}/admin/owners/${owner.value.id}`;
      return renderVersion(owner, 201, { Location: location });
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listOwners(c.var.services, cursor, limit), renderOwner));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => renderVersion(await loadOwner(c.var.services, idOf(c.req, unknownOwner))))
    .put("/:id", async (c) => {
      const name = parseOwnerName(await readAdminBody(c.req.raw));
      return renderVersion(await renameOwner(c.var.services, await editedOwner(c), name));
    })
    .delete("/:id", async (c) => {
      const { services, now } = c.var;
      return privateJson(renderDeletion(await deleteOwner(services, idOf(c.req, unknownOwner), now)), 202);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"))
    .get("/:id/deletion", async (c) =>
      privateJson(renderDeletion(await loadDeletion(c.var.services, idOf(c.req, unknownOwner)))),
    )
    .all("/:id/deletion", onlyMethods("GET"))
    .get("/:id/counts", async (c) =>
      privateJson(renderCounts(await countOwner(c.var.services, idOf(c.req, unknownOwner)))),
    )
    .all("/:id/counts", onlyMethods("GET"))
    .route("/:id/connections", administerConnections())
    .route("/:id/invitations", administerInvitations())
    .route("/:id/administrators", administerAdministrators());
}

function renderVersion(
  { value, version }: Versioned<Owner>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return privateJson(renderOwner(value), status, { ...versionTag(version), ...headers });
}

async function editedOwner({ req, var: { services } }: Context<UsherEnv>): Promise<Edited> {
  const id = idOf(req, unknownOwner);
  return { id, expected: await expectedVersion(req, async () => (await loadOwner(services, id)).version) };
}

function administerConnections() {
  return new Hono<UsherEnv, Record<never, never>, "/:id/connections">()
    .get("/", async (c) => {
      parseQuery(c.req.raw);
      const connections = await listConnections(c.var.services, idOf(c.req, unknownOwner));
      return privateJson({ items: connections.map(renderConnection) });
    })
    .all("/", onlyMethods("GET"))
    .put("/:clientId", async (c) => {
      const scopes = parseConnectionScopes(await readAdminBody(c.req.raw));
      const ownerId = idOf(c.req, unknownOwner);
      const clientId = idOf(c.req, unknownClient, "clientId");
      const { receipt, warnings } = await connectClient(c.var.services, ownerId, clientId, scopes);
      if (!receipt.recorded) return pendingAnswer(withWarnings({ client_id: clientId }, warnings));
      return privateJson(withWarnings({ client_id: clientId, scopes, generation: receipt.version }, warnings));
    })
    .delete("/:clientId", async (c) => {
      const ownerId = idOf(c.req, unknownOwner);
      const clientId = clientIdOf(c.req, notFound, "clientId");
      return renderRemoved(await disconnectClient(c.var.services, ownerId, clientId));
    })
    .all("/:clientId", onlyMethods("PUT", "DELETE"));
}
