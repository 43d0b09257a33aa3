import { Hono } from "hono";
import { introspectToken } from "../operations/protect/introspect-token.ts";
import type { Services } from "../operations/services.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { ProtocolError } from "../shared/error.ts";
import { protectedBy } from "./authenticate/connected-caller.ts";
import { sentTwice } from "./authenticate/sent-twice.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { readForm } from "./form.ts";
import { onlyMethods, privateJson, renderError, renderRefusal } from "./respond.ts";

/** The introspection endpoint (FedAuthz §5.1, RFC 7662 §2). token_type_hint is not needed to find a token. */
export function introspectionRoutes(): UsherHono {
  const routes = new Hono<UsherEnv>()
    .post("/", protectedBy(PROTECTION_SCOPE), async (c) => {
      const { services, caller, now } = c.var;
      const form = await readForm(c.req.raw);
      if (form.get("access_token") !== null) throw sentTwice();
      return privateJson(await introspectToken(services, caller, form.require("token"), now));
    })
    .all("/", onlyMethods("POST"));
  return routes.onError((error, c) => renderIntrospectionError(error, c.req.raw, c.var.services.isOutage));
}

/** RFC 7662 §2.3 asks for 401 where RFC 6750 §3.1 has 403; invalid_token would send the caller for the same token. */
function renderIntrospectionError(error: unknown, request: Request, isOutage: Services["isOutage"]): Response {
  const lacksScope = error instanceof ProtocolError && error.code === "insufficient_scope";
  return lacksScope ? renderRefusal(error, request, 401) : renderError(error, request, isOutage);
}
