import { Hono } from "hono";
import { listOwnedResources } from "../../operations/own/read-resources.ts";
import { HomePage } from "../../pages/console/home.tsx";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { renderPage } from "../browser/render-page.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { actingOnly, consoleFrameOf } from "./acting.ts";

const THINGS_AT_HOME = 10;

/** Where whoever acts for an owner begins. */
export function homeRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), async (c) => {
      const { services, acting } = c.var;
      const query = { cursor: null, limit: THINGS_AT_HOME, text: null };
      const { items } = await listOwnedResources(services, acting.actor, query);
      const things = items.map(({ id, name, resourceServer }) => ({ id, name, app: resourceServer.name }));
      return renderPage(c, HomePage({ frame: await consoleFrameOf(c), things }));
    })
    .all("/", onlyPageMethods("GET"));
}
