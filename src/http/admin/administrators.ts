import { Hono } from "hono";
import { noSuchAdministrator } from "../../operations/account/administrators.ts";
import { endForOwner, listAdministratorsForOwner } from "../../operations/administer/administrators.ts";
import { unknownOwner } from "../../operations/administer/owners.ts";
import type { InvitedAdministrator } from "../../operations/ports/administrator.ts";
import type { UsherEnv } from "../context.ts";
import { parseQuery } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";

/** Who acts for an owner. */
export function administerAdministrators() {
  return new Hono<UsherEnv, Record<never, never>, "/:id/administrators">()
    .get("/", async (c) => {
      parseQuery(c.req.raw);
      const { services, now } = c.var;
      const administrators = await listAdministratorsForOwner(services, idOf(c.req, unknownOwner), now);
      return privateJson({ items: administrators.map(renderAdministrator) });
    })
    .all("/", onlyMethods("GET"))
    .delete("/:accountId", async (c) => {
      const { services, now } = c.var;
      const accountId = idOf(c.req, noSuchAdministrator, "accountId");
      await endForOwner(services, idOf(c.req, unknownOwner), accountId, now);
      return emptyAnswer(204);
    })
    .all("/:accountId", onlyMethods("DELETE"));
}

function renderAdministrator({ accountId, role, beginsAt, endsAt, invitedBy }: InvitedAdministrator): object {
  return { account_id: accountId, role, begins_at: beginsAt, ends_at: endsAt, invited_by: invitedBy };
}
