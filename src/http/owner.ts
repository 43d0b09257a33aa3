import { Hono } from "hono";
import type { UsherEnv, UsherHono } from "./context.ts";
import { accessRoutes } from "./owner/access.ts";
import { activityRoutes } from "./owner/activity.ts";
import { connectedAppRoutes } from "./owner/apps.ts";
import { grantRoutes } from "./owner/grants.ts";
import { groupRoutes, policyRoutes, previewRoutes } from "./owner/policies.ts";
import { requestRoutes } from "./owner/requests.ts";
import { ownedResourceRoutes } from "./owner/resources.ts";

/** The resource owner's API, for tools that hold an access token with the scope uma_policy. */
export function ownerRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .route("/policies", policyRoutes())
    .route("/preview", previewRoutes())
    .route("/groups", groupRoutes())
    .route("/resources", ownedResourceRoutes())
    .route("/apps", connectedAppRoutes())
    .route("/grants", grantRoutes())
    .route("/requests", requestRoutes())
    .route("/", accessRoutes())
    .route("/", activityRoutes());
}
