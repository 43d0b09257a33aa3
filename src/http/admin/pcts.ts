import { Hono } from "hono";
import { forgetAccount, forgetForClient } from "../../operations/administer/pcts.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { clientIdOf, idOf } from "../path-id.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** What is remembered of people for apps (Grant §3.3.5), for an operator who has to end it. */
export function administerPcts(): UsherHono {
  return new Hono<UsherEnv>()
    .delete("/clients/:id", async (c) =>
      privateJson({ forgotten: await forgetForClient(c.var.services, clientIdOf(c.req, nothingThere)) }),
    )
    .all("/clients/:id", onlyMethods("DELETE"))
    .delete("/accounts/:id", async (c) =>
      privateJson({ forgotten: await forgetAccount(c.var.services, idOf(c.req, nothingThere)) }),
    )
    .all("/accounts/:id", onlyMethods("DELETE"));
}

function nothingThere(): ProtocolError {
  return new ProtocolError("not_found", "no client or account can have this id");
}
