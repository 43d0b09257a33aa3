import { ALWAYS } from "../../ledger/activity.ts";
import type { ActingAdministrator } from "../../protocol/actor.ts";
import { type ActivityServices, type NamedActivity, readActivity } from "../own/read-activity.ts";
import { listOwnedResources } from "../own/read-resources.ts";
import type { ConsoleVisitStore } from "../ports/console-visit.ts";
import type { OwnedResource, OwnedResourceStore } from "../ports/owned-resource.ts";
import { listNamedRequests, type NamedRequests } from "./read-requests.ts";

type RequestServices = Parameters<typeof listNamedRequests>[0];

interface HomeServices extends ActivityServices, RequestServices {
  readonly consoleVisits: ConsoleVisitStore;
  readonly ownedResources: OwnedResourceStore;
}

/** What whoever acts for an owner sees first. */
export interface Home {
  /** What waits, the newest first; `next` is null where this is all. */
  readonly requests: NamedRequests;
  /** When they were last here, epoch seconds; null: this is the first time. */
  readonly lastHereAt: number | null;
  /** What happened since, newest first. */
  readonly news: readonly NamedActivity[];
  /** Whether more happened than that. */
  readonly hasMoreNews: boolean;
  readonly things: readonly OwnedResource[];
  readonly hasMoreThings: boolean;
}

const REQUESTS_AT_HOME = 5;
const NEWS_AT_HOME = 5;
const THINGS_AT_HOME = 10;

/** Two round trips to D1 and two to the ledger, all at once, and after the ledger's one more each for names. @throws as its parts */
export async function readHome(services: HomeServices, actor: ActingAdministrator): Promise<Home> {
  const [requests, lastHereAt, happened, things] = await Promise.all([
    listNamedRequests(services, actor, { status: "waiting", after: null, limit: REQUESTS_AT_HOME }),
    services.consoleVisits.note(actor),
    readActivity(services, actor, { ...ALWAYS, before: null, limit: NEWS_AT_HOME + 1 }),
    listOwnedResources(services, actor, { cursor: null, limit: THINGS_AT_HOME, text: null }),
  ]);
  const news = happened.items.filter(({ lastAt }) => lastAt >= (lastHereAt ?? 0));
  return {
    requests,
    lastHereAt,
    news: news.slice(0, NEWS_AT_HOME),
    hasMoreNews: news.length > NEWS_AT_HOME,
    things: things.items,
    hasMoreThings: things.next !== null,
  };
}
