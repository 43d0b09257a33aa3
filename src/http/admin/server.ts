import { Hono } from "hono";
import type { ListedKey } from "../../keys/key.ts";
import { countRecords, listKeys, rotateKeys } from "../../operations/administer/server.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseQuery } from "../paging.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** The server itself: its keys and how much it holds. */
export function administerServer(): UsherHono {
  return new Hono<UsherEnv>()
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
