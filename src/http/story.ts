import type { Context, MiddlewareHandler } from "hono";
import type { SharedServices } from "../operations/services.ts";
import { errorEvent, Listener, tellStory } from "../operations/tell-story.ts";
import { epochSeconds } from "../shared/time.ts";
import { withoutTokens } from "../shared/wire-text.ts";
import type { UsherEnv } from "./context.ts";
import { sourceOf } from "./source.ts";

/** What others send as the id of a request: long enough not to meet by chance, and nothing that a log could misread. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._~:-]{7,127}$/;
const REQUEST_ID_HEADER = "X-Request-ID";
/** More of them tells nobody what a request was about. */
const MAX_METHOD_CHARACTERS = 20;
const MAX_PATH_CHARACTERS = 200;

/**
 * Gives every request an id, its caller's own or a fresh one, answers with it, and tells the operator under it what
 * happened. It stands around everything else.
 */
export function listenToRequest(services: SharedServices): MiddlewareHandler<UsherEnv> {
  return async (c, next) => {
    const listener = new Listener(requestIdOf(c.req.header(REQUEST_ID_HEADER)));
    c.set("services", { ...services, events: listener });
    c.set("now", epochSeconds());
    c.set("requestId", listener.requestId);
    await next();
    if (c.error !== undefined) listener.emit(errorEvent(c.error));
    c.res.headers.set(REQUEST_ID_HEADER, listener.requestId);
    tellStory(services, storyOf(c, listener), () => sourceOf(c.req.raw));
  };
}

function requestIdOf(sent: string | undefined): string {
  return sent !== undefined && REQUEST_ID.test(sent) ? sent : crypto.randomUUID();
}

function storyOf({ req, res, var: { now } }: Context<UsherEnv>, { requestId, events }: Listener) {
  const method = req.method.slice(0, MAX_METHOD_CHARACTERS);
  const path = withoutTokens(req.path).slice(0, MAX_PATH_CHARACTERS);
  return { requestId, at: now, method, path, status: res.status, events };
}
