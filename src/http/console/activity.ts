import { type Context, Hono } from "hono";
import { type NamedActivity, readActivity, readAllActivity } from "../../operations/own/read-activity.ts";
import { ActivityPage, type HappeningFacts } from "../../pages/console/activity.tsx";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { renderDownload } from "../browser/download.ts";
import { renderPage } from "../browser/render-page.ts";
import { timeZoneOf } from "../browser/time-zone.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import { streamJson } from "../json-stream.ts";
import { streamTexts } from "../text-stream.ts";
import { actingOnly, consoleFrameOf } from "./acting.ts";
import { activityAsData, activityInCsv } from "./activity-copies.ts";
import {
  activityQuery,
  readSoughtActivity,
  type SoughtActivity,
  soughtFilter,
  soughtQuery,
} from "./sought-activity.ts";
import { happeningInWords, originInWords, type Reader, reasonsInWords } from "./speech/happening.ts";

const ENTRIES_PER_PAGE = 50;

/** What happened to what an owner shares, for whoever acts for them, and copies of it to keep. */
export function activityPageRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), async (c) => {
      const { services, acting } = c.var;
      const sought = readSoughtActivity((name) => c.req.query(name));
      const frame = await consoleFrameOf(c);
      const reader = { words: frame.words, accountId: acting.actor.accountId };
      const query = activityQuery(sought, c.req.query("before"), frame.timeZone, ENTRIES_PER_PAGE);
      const filter = soughtFilter(sought, reader);
      const { items, next } = await readActivity(services, acting.actor, query, filter);
      const linkTo = (path: string, more: Readonly<Record<string, string>> = {}) =>
        withQuery(`${frame.console}/activity${path}`, { ...soughtQuery(sought), ...more });
      const page = ActivityPage({
        frame,
        happenings: items.map((entry) => happeningFacts(entry, reader)),
        sought,
        isNarrowed: Object.keys(soughtQuery(sought)).length > 0,
        next: next === null ? null : linkTo("", { before: String(next) }),
        copies: { table: linkTo("/copy.csv"), data: linkTo("/copy.json") },
      });
      return renderPage(c, page);
    })
    .all("/", onlyPageMethods("GET"))
    .get("/copy.csv", actingOnly(), async (c) => {
      const { sought, reader, timeZone } = await askedCopy(c);
      const entries = soughtEntries(c, sought, reader, timeZone);
      const file = { type: "text/csv; charset=utf-8", name: "activity.csv" };
      return renderDownload(c, streamTexts(activityInCsv(entries, reader)), file);
    })
    .all("/copy.csv", onlyPageMethods("GET"))
    .get("/copy.json", actingOnly(), async (c) => {
      const { sought, reader, timeZone } = await askedCopy(c);
      const entries = soughtEntries(c, sought, reader, timeZone);
      const file = { type: "application/json", name: "activity.json" };
      return renderDownload(c, streamJson([["items", activityAsData(entries)]]), file);
    })
    .all("/copy.json", onlyPageMethods("GET"));
}

function happeningFacts(entry: NamedActivity, reader: Reader): HappeningFacts {
  return {
    lastAt: entry.lastAt,
    count: entry.count,
    sentence: happeningInWords(entry, reader),
    origin: originInWords(entry, reader),
    reasons: reasonsInWords(entry, reader),
  };
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? path : `${path}?${text}`;
}

async function askedCopy(c: Context<ActingEnv>) {
  const { words } = await consoleFrameOf(c);
  const reader: Reader = { words, accountId: c.var.acting.actor.accountId };
  return { sought: readSoughtActivity((name) => c.req.query(name)), reader, timeZone: timeZoneOf(c.req.raw) };
}

async function* soughtEntries(
  c: Context<ActingEnv>,
  sought: SoughtActivity,
  reader: Reader,
  timeZone: string,
): AsyncGenerator<readonly NamedActivity[], void> {
  const { services, acting } = c.var;
  const filter = soughtFilter(sought, reader);
  const range = activityQuery(sought, undefined, timeZone, ENTRIES_PER_PAGE);
  for await (const entries of readAllActivity(services, acting.actor, range)) {
    yield filter === null ? entries : entries.filter(filter);
  }
}
