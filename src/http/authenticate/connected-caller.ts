import type { MiddlewareHandler } from "hono";
import { authenticateConnectedCaller } from "../../operations/authenticate/connected-caller.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import type { ConnectedEnv } from "../context.ts";
import { queryHas } from "../query.ts";
import { readBearer } from "./bearer.ts";

/**
 * Lets only access tokens with this scope pass, and says as `c.var.caller` who holds it. It stands at each method of a
 * route, so that a method that is not served is refused as such, whoever calls.
 */
export function protectedBy(scope: ConnectionScope): MiddlewareHandler<ConnectedEnv> {
  return async (c, next) => {
    const { services, now } = c.var;
    const token = readAccessToken(c.req.raw, scope);
    c.set("caller", await authenticateConnectedCaller(services, token, scope, now));
    await next();
  };
}

/** RFC 6750 §2: the header only, since URLs end up in logs; and never two tokens in one request. */
function readAccessToken(request: Request, scope: ConnectionScope): string {
  const token = readBearer(request);
  if (token === null)
    throw new ProtocolError("invalid_token", "send the access token as Authorization: Bearer", { scope });
  if (queryHas(request, "access_token")) throw sentTwice();
  return token;
}

/** The refusal of a request that carries its access token more than once (RFC 6750 §2). */
export function sentTwice(): ProtocolError {
  return invalidRequest("send the access token once, in the Authorization header");
}
