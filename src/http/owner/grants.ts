import { Hono } from "hono";
import type { LiveGrant } from "../../ledger/contract.ts";
import { nameIds } from "../../operations/own/name-ids.ts";
import { endGrant, listGrants } from "../../operations/own/read-grants.ts";
import { notFound } from "../../operations/under-connection.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { namesOf } from "./names-of.ts";
import { renderPartyCard } from "./render-party-card.ts";

/** What is granted at present, to whom, and an end to one of it. */
export function grantRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const query = parsePaging(c.req.raw, "client_id", "party", "resource_id");
      const sought = { clientId: query.client_id, partyReference: query.party, resourceId: query.resource_id };
      const page = await listGrants(services, { caller, ...sought, after: query.cursor, limit: query.limit });
      const names = await nameIds(services, caller, page.items.flatMap(idsIn));
      const render = (grant: LiveGrant) => ({ ...renderGrant(grant), names: namesOf(idsIn(grant), names) });
      return privateJson(renderPage(page, render));
    })
    .all("/", onlyMethods("GET"))
    .delete("/:id", ownersTool, async (c) => {
      const { services, caller } = c.var;
      return renderRemoved(await endGrant(services, caller, idOf(c.req, notFound)));
    })
    .all("/:id", onlyMethods("DELETE"));
}

/** What a grant names by an id and that may have a name. */
function idsIn({ clientId, resourceServerId, permissions }: LiveGrant): readonly string[] {
  return [clientId, resourceServerId, ...permissions.map(({ resource_id }) => resource_id)];
}

/** A live grant as its owner reads it. */
export function renderGrant(grant: LiveGrant): object {
  return {
    grant_id: grant.id,
    client_id: grant.clientId,
    resource_server_id: grant.resourceServerId,
    party: grant.partyReference,
    party_known: grant.partyKnown,
    ...renderPartyCard(grant.card),
    permissions: grant.permissions,
    granted_at: grant.createdAt,
    last_used_at: grant.usedAt,
    ends_at: grant.expiresAt,
    refreshable: grant.refreshable,
  };
}
