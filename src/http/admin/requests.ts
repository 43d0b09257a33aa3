import { Hono } from "hono";
import { renderEvent } from "../../events/render-event.ts";
import { loadStories } from "../../operations/administer/requests.ts";
import type { Story } from "../../operations/ports/event.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { onlyMethods, privateJson } from "../respond.ts";

/** What happened in a request of the last hour, for whoever asks for help with its X-Request-ID. */
export function administerRequests(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/:id", async (c) => {
      const requestId = c.req.param("id");
      const stories = await loadStories(c.var.services, requestId);
      return privateJson({ request_id: requestId, items: stories.map(renderStory) });
    })
    .all("/:id", onlyMethods("GET"));
}

function renderStory({ at, method, path, status, events }: Story): object {
  return { at, method, path, status, events: events.map(renderEvent) };
}
