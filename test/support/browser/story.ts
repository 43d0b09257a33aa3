import { type Browser, chromium } from "playwright-core";
import { inject, test } from "vitest";
import type { Site } from "../server/http-site.ts";
import { ADMIN_SECRET } from "../server/start-server.ts";
import { AppSite } from "./app-site.ts";
import { Cast } from "./cast.ts";
import type { Appearance } from "./person.ts";

let connection: Promise<Browser> | undefined;

/** One connection serves all files of a worker; it ends with it. */
const connected = () => {
  connection ??= chromium.connect(inject("browserEndpoint"));
  return connection;
};

export function usherOfTheRun(): Site {
  return { fetch: (request) => fetch(request), issuer: inject("issuer"), adminSecret: ADMIN_SECRET };
}

/**
 * A test in a real browser against a real server. Give it an end that can be seen: it fails also if a page broke its own
 * Content-Security-Policy, or one of its scripts threw.
 */
export const story = test
  /** The server that all stories share: whatever a story needs there, it makes itself. */
  .extend("usher", usherOfTheRun)
  /** An app of this story's own, on another origin. */
  // biome-ignore lint/correctness/noEmptyPattern: by this pattern vitest knows that it needs no other fixture
  .extend("app", async ({}, { onCleanup }) => {
    const app = await AppSite.open();
    onCleanup(() => app.close());
    return app;
  })
  /** Lets a person enter, in a browser of their own: nobody else's cookies, nobody else's passkeys. */
  .extend("person", async ({ usher, task }, { onCleanup }) => {
    const cast = new Cast(await connected(), usher);
    onCleanup(() => cast.leave(task));
    return (name: string, appearance: Appearance = {}) => cast.enter(name, appearance);
  });
