import { Hono } from "hono";
import { readUserInfo } from "../operations/identify/read-user-info.ts";
import { OPENID_SCOPE } from "../protocol/wire/identity.ts";
import { readAccessToken } from "./authenticate/access-token.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { offerNonce, onlyMethods, privateJson } from "./respond.ts";

/** The UserInfo endpoint (OpenID Connect Core §5.3). */
export function userInfoRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .on(["GET", "POST"], "/", async (c) => {
      const { services, now } = c.var;
      const { body, nextNonce } = await readUserInfo(services, readAccessToken(c.req.raw, OPENID_SCOPE), now);
      return offerNonce(privateJson(body), nextNonce);
    })
    .all("/", onlyMethods("GET", "POST"));
}
