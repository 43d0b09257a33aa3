import { Hono } from "hono";
import { introspectToken } from "../operations/protect/introspect-token.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { ProtocolError } from "../shared/error.ts";
import { authenticateConnectedCaller, sentTwice } from "./authenticate/connected-caller.ts";
import type { Services, UsherEnv, UsherHono } from "./context.ts";
import { readForm } from "./form.ts";
import { onlyMethods, privateJson, renderError, renderRefusal } from "./respond.ts";

/** The introspection endpoint (FedAuthz §5.1, RFC 7662 §2). token_type_hint is not needed to find a token. */
export function introspectionRoutes(): UsherHono {
  const routes = new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const caller = await authenticateConnectedCaller(c.req.raw, PROTECTION_SCOPE, services, now);
      const form = await readForm(c.req.raw);
      if (form.get("access_token") !== null) throw sentTwice();
      return privateJson(await introspectToken(services, caller, form.require("token"), now));
    })
    .all("/", onlyMethods("POST"));
  return routes.onError((error, c) => renderIntrospectionError(error, c.req.raw, c.var.services));
}

/** RFC 7662 §2.3 asks for 401 where RFC 6750 §3.1 has 403; invalid_token would send the caller for the same token. */
function renderIntrospectionError(error: unknown, request: Request, { isOutage }: Services): Response {
  const lacksScope = error instanceof ProtocolError && error.code === "insufficient_scope";
  return lacksScope ? renderRefusal(error, request, 401) : renderError(error, request, isOutage);
}
