import { Hono } from "hono";
import { revokeToken } from "../operations/grant/revoke-token.ts";
import { readClientRequest } from "./authenticate/client.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { emptyAnswer, onlyMethods } from "./respond.ts";
import { sourceOf } from "./source.ts";

/**
 * The revocation endpoint (Grant §3.7, RFC 7009 §2). token_type_hint is not needed to find a token, and an unknown or
 * foreign one is answered alike (RFC 7009 §2.2).
 */
export function revocationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const { form, client } = await readClientRequest(c);
      const request = { client, token: form.require("token"), source: sourceOf(c.req.raw) };
      await revokeToken(services, request, now);
      return emptyAnswer(200);
    })
    .all("/", onlyMethods("POST"));
}
