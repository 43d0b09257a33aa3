import { Hono } from "hono";
import { listSharedWithMe, type SharedWithMe } from "../../operations/account/shared-with-me.ts";
import { type SharedThing, SharedWithMePage } from "../../pages/shared-with-me.tsx";
import type { Words } from "../../pages/words/en.ts";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { wordsFor } from "../browser/language.ts";
import { renderPage } from "../browser/render-page.ts";
import { signedInOnly } from "../browser/session.ts";
import { NAMELESS } from "../console/speech/naming.ts";
import { actsInWords } from "../console/speech/policy.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseQuery } from "../paging.ts";
import { whereaboutsOf } from "../whereabouts.ts";
import { personFacts } from "./person-facts.ts";

const SHARED = "/account/shared";

/** What others share with somebody, and the way into it. */
export function sharedWithMeRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get(
      "/",
      signedInOnly(() => ANY_SIGN_IN),
      async (c) => {
        const { services, person, now } = c.var;
        const { cursor } = parseQuery(c.req.raw, "cursor");
        const reader = { person, whereabouts: whereaboutsOf(c.req.raw), now };
        const { items, next } = await listSharedWithMe(services, reader, cursor);
        const page = SharedWithMePage({
          frame: await frameOf(c, await personFacts(c, person)),
          things: items.flatMap((item) => thingsOf(item, wordsFor(c))),
          isFirst: cursor === null,
          next: next === null ? null : `${basePathOf(c)}${SHARED}?cursor=${encodeURIComponent(next)}`,
        });
        return renderPage(c, page);
      },
    )
    .all("/", onlyPageMethods("GET"));
}

function thingsOf({ ownerName, things, hasMore, app, until }: SharedWithMe, words: Words): readonly SharedThing[] {
  return things.map((thing, index) => ({
    name: thing.name,
    acts:
      thing.scopes.length === 0
        ? null
        : actsInWords(thing.scopes, { ...NAMELESS, scopeNames: [thing.scopeNames] }, words),
    isAsked: thing.isAsked,
    owner: ownerName === "" ? null : ownerName,
    until,
    app: app ?? thing.app,
    hasMore: hasMore && index === things.length - 1,
  }));
}
