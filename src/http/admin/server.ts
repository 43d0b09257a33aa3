import { Hono } from "hono";
import type { ListedKey } from "../../keys/key.ts";
import { type Check, worstOf } from "../../operations/administer/check.ts";
import { checkServer } from "../../operations/administer/check-server.ts";
import { countRecords, listKeys, rotateKeys } from "../../operations/administer/server.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseQuery, renderPage } from "../paging.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** The server itself: whether it is well, its keys and how much it holds. */
export function administerServer(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/check", async (c) => {
      const { cursor } = parseQuery(c.req.raw, "cursor");
      return privateJson(renderChecks(await checkServer(c.var.services, cursor, c.var.now)));
    })
    .all("/check", onlyMethods("GET"))
    .get("/keys", async (c) => {
      parseQuery(c.req.raw);
      return privateJson(renderKeys(await listKeys(c.var.services)));
    })
    .all("/keys", onlyMethods("GET"))
    .post("/keys/rotate", async (c) => privateJson(renderKeys(await rotateKeys(c.var.services))))
    .all("/keys/rotate", onlyMethods("POST"))
    .get("/counts", async (c) => privateJson(await countRecords(c.var.services)))
    .all("/counts", onlyMethods("GET"));
}

/** Whatever is wrong, the report is the answer; of a page its own checks count for the status. */
function renderChecks(page: Page<Check>): object {
  return { status: worstOf(page.items), ...renderPage(page, (check) => check) };
}

function renderKeys(keys: readonly ListedKey[]): object {
  return {
    items: keys.map(({ kid, use, alg, useFrom, retireAt, expiresAt, sealedUnder }) => ({
      kid,
      use,
      alg,
      use_from: useFrom,
      retire_at: retireAt,
      expires_at: expiresAt,
      sealed_under: sealedUnder,
    })),
  };
}
