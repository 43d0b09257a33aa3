import type { MiddlewareHandler } from "hono";
import { authenticateConnectedCaller } from "../../operations/authenticate/connected-caller.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import type { ConnectedEnv } from "../context.ts";
import { offerNonce } from "../respond.ts";
import { readAccessToken } from "./access-token.ts";

/**
 * Lets only access tokens with this scope pass, and says as `c.var.caller` who holds it. It stands at each method of a
 * route, so that a method that is not served is refused as such, whoever calls.
 */
export function protectedBy(scope: ConnectionScope): MiddlewareHandler<ConnectedEnv> {
  return async (c, next) => {
    const { services, now } = c.var;
    const token = readAccessToken(c.req.raw, scope);
    const { caller, nextNonce } = await authenticateConnectedCaller(services, token, scope, now);
    c.set("caller", caller);
    await next();
    offerNonce(c.res, nextNonce);
  };
}
