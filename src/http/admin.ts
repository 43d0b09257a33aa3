import { Hono } from "hono";
import { administerClients } from "./admin/clients.ts";
import { administerDeletions } from "./admin/deletions.ts";
import { administerInitialAccessTokens } from "./admin/initial-access-tokens.ts";
import { administerIssuers } from "./admin/issuers.ts";
import { administerOwners } from "./admin/owners.ts";
import { administerPcts } from "./admin/pcts.ts";
import { administerProviders } from "./admin/providers.ts";
import { administerRequests } from "./admin/requests.ts";
import { administerServer } from "./admin/server.ts";
import { administerWebhooks } from "./admin/webhooks.ts";
import { operatorOnly } from "./authenticate/operator.ts";
import type { UsherEnv, UsherHono } from "./context.ts";

/** The operator's API: who may be a client, whose word counts, where people sign in, which owners there are. */
export function adminRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .use(operatorOnly)
    .route("/clients", administerClients())
    .route("/initial-access-tokens", administerInitialAccessTokens())
    .route("/deletions", administerDeletions())
    .route("/issuers", administerIssuers())
    .route("/owners", administerOwners())
    .route("/pcts", administerPcts())
    .route("/providers", administerProviders())
    .route("/requests", administerRequests())
    .route("/webhooks", administerWebhooks())
    .route("/", administerServer());
}
