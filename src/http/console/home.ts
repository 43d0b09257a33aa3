import { type Context, Hono } from "hono";
import { readHome } from "../../operations/console/read-home.ts";
import type { NamedActivity } from "../../operations/own/read-activity.ts";
import type { OwnedResource } from "../../operations/ports/owned-resource.ts";
import { HomePage, type NewsFacts, type ThingFacts } from "../../pages/console/home.tsx";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { renderPage } from "../browser/render-page.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import { actingOnly, consoleFrameOf } from "./acting.ts";
import { waitingFacts } from "./request-facts.ts";
import { happeningInWords, originInWords, type Reader } from "./speech/happening.ts";

/** Where whoever acts for an owner begins. */
export function homeRoutes(): UsherHono {
  return new Hono<UsherEnv>().get("/", actingOnly(), showHome).all("/", onlyPageMethods("GET"));
}

async function showHome(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const [{ requests, news, things, ...home }, frame] = await Promise.all([
    readHome(services, acting.actor),
    consoleFrameOf(c),
  ]);
  const reader = { words: frame.words, accountId: acting.actor.accountId };
  const page = HomePage({
    frame,
    ...home,
    waiting: requests.items.map((request) =>
      waitingFacts(request, { ...requests, frame, accountId: reader.accountId }),
    ),
    isAllThatWaits: requests.next === null,
    news: news.map((entry) => newsFacts(entry, reader)),
    things: things.map(thingFacts),
  });
  return renderPage(c, page);
}

function newsFacts(entry: NamedActivity, reader: Reader): NewsFacts {
  return { at: entry.lastAt, sentence: happeningInWords(entry, reader), origin: originInWords(entry, reader) };
}

function thingFacts({ id, name, resourceServer }: OwnedResource): ThingFacts {
  return { id, name, app: resourceServer.name };
}
