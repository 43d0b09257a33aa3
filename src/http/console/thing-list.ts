import { type Context, Hono } from "hono";
import { surveyOwnedResources } from "../../operations/own/read-resources.ts";
import type { OwnedResource, ResourceSurvey } from "../../operations/ports/owned-resource.ts";
import { type ListedThing, type ThingSearch, ThingsPage } from "../../pages/console/things.tsx";
import { readableScope } from "../../protocol/scope-names.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_MEMBERS_COUNTED, MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { renderPage } from "../browser/render-page.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import { actingOnly, consoleFrameOf } from "./acting.ts";

const THINGS_ON_A_PAGE = 50;

/** What an owner has, a page at a time. */
export function thingListRoutes(): UsherHono {
  return new Hono<UsherEnv>().get("/", actingOnly(), showThings).all("/", onlyPageMethods("GET"));
}

async function showThings(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const within = asked(c, "in", MAX_IDENTIFIER_CHARACTERS);
  const search = searchOf(c);
  const survey = await surveyOwnedResources(services, acting.actor, {
    text: search.text,
    resourceServerId: search.app,
    type: search.kind,
    collectionId: within,
    cursor: asked(c, "cursor", MAX_IDENTIFIER_CHARACTERS),
    limit: THINGS_ON_A_PAGE,
  });
  if (within !== null && survey.collection === null)
    throw new ProtocolError("not_found", "there is no such collection");
  const page = ThingsPage({
    frame: await consoleFrameOf(c),
    things: survey.items.map((item) => listedThing(item, within)),
    within: survey.collection,
    search,
    ...choicesOf(survey),
    next: nextOf(c, survey.next),
    maxText: MAX_NAME_CHARACTERS,
  });
  return renderPage(c, page);
}

function searchOf(c: Context<ActingEnv>): ThingSearch {
  return {
    text: asked(c, "q", MAX_NAME_CHARACTERS),
    app: asked(c, "app", MAX_IDENTIFIER_CHARACTERS),
    kind: asked(c, "kind", MAX_IDENTIFIER_CHARACTERS),
  };
}

/** A form sends its empty fields along: these ask for nothing. What is longer than anything there is is cut, and finds nothing. */
function asked(c: Context<ActingEnv>, name: string, maxCharacters: number): string | null {
  const text = (c.req.query(name) ?? "").trim().slice(0, maxCharacters);
  return text === "" ? null : text;
}

/** @param within the collection that is looked at, which need not be said of each. */
function listedThing(
  { id, name, type, resourceServer, collections, members }: OwnedResource,
  within: string | null,
): ListedThing {
  return {
    id,
    name,
    kind: type === null ? null : readableScope(type),
    app: resourceServer.name,
    partOf: collections.flatMap((collection) => (collection.id === within ? [] : (collection.name ?? []))),
    members,
    isMore: members > MAX_MEMBERS_COUNTED,
  };
}

/** An app that is no longer there has taken its name along. */
function choicesOf({ resourceServers, types }: ResourceSurvey) {
  return {
    apps: resourceServers.map(({ id, name }) => ({ value: id, label: name ?? id })),
    kinds: types.map((type) => ({ value: type, label: readableScope(type) })),
  };
}

/** The same search, from there on. */
function nextOf(c: Context<ActingEnv>, cursor: string | null): string | null {
  if (cursor === null) return null;
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set("cursor", cursor);
  return `${pathname}?${searchParams}`;
}
