import { Hono } from "hono";
import { ANY_SIGN_IN } from "../protocol/continuation.ts";
import { onlyPageMethods } from "./browser/answer-error.ts";
import { basePathOf } from "./browser/frame.ts";
import { seeOther } from "./browser/redirect.ts";
import { signedInOnly } from "./browser/session.ts";
import { consolePath } from "./console/acting.ts";
import { activityPageRoutes } from "./console/activity.ts";
import { appRoutes } from "./console/apps.ts";
import { groupRoutes } from "./console/groups.ts";
import { homeRoutes } from "./console/home.ts";
import { liveRoutes } from "./console/live.ts";
import { decidedRequestRoutes, requestPageRoutes } from "./console/requests.ts";
import { severalRoutes, shareRoutes } from "./console/share.ts";
import { thingListRoutes } from "./console/thing-list.ts";
import { thingRoutes } from "./console/things.ts";
import type { UsherEnv, UsherHono } from "./context.ts";

/** The pages of whoever acts for an owner, a room each; the path names the owner, so two tabs can be about two. */
export function consoleRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get(
      "/",
      signedInOnly(() => ANY_SIGN_IN),
      (c) => seeOther(c, basePathOf(c) + consolePath(c.var.person.account.ownerId)),
    )
    .all("/", onlyPageMethods("GET"))
    .route("/:owner", homeRoutes())
    .route("/:owner/activity", activityPageRoutes())
    .route("/:owner/apps", appRoutes())
    .route("/:owner/live", liveRoutes())
    .route("/:owner/requests", requestPageRoutes())
    .route("/:owner/decided", decidedRequestRoutes())
    .route("/:owner/things", thingListRoutes())
    .route("/:owner/groups", groupRoutes())
    .route("/:owner/things", thingRoutes())
    .route("/:owner/things", shareRoutes())
    .route("/:owner/share", severalRoutes());
}
