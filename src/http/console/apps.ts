import { type Context, Hono } from "hono";
import { endConnectedApp, listConnectedApps, nameOfApp } from "../../operations/console/apps.ts";
import type { ConnectedApp } from "../../operations/ports/connected-app.ts";
import { AppsPage, type AppsPageProps } from "../../pages/console/apps.tsx";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import { abilitiesOf, shownApp } from "../people/shown-app.ts";
import { actingOnly, consoleFrameOf, consolePath } from "./acting.ts";

const APPS_PER_PAGE = 50;

/** The apps that are connected to an owner. */
export function appRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), showApps)
    .all("/", onlyPageMethods("GET"))
    .post(
      "/end",
      actingOnly((ownerId) => `/console/${ownerId}/apps`),
      endApp,
    )
    .all("/end", onlyPageMethods("POST"));
}

async function showApps(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const { items, next, total } = await listConnectedApps(services, acting.actor, {
    cursor: c.req.query("after") ?? null,
    limit: APPS_PER_PAGE,
  });
  const frame = await consoleFrameOf(c);
  const page = AppsPage({
    frame,
    apps: items.map((item) => listed(item, frame.words.language.tag)),
    total,
    next: next === null ? null : `${pathOf(c)}?after=${encodeURIComponent(next)}`,
    ended: await nameOfApp(services, endedApp(c, items)),
  });
  return renderPage(c, page);
}

async function endApp(c: Context<ActingEnv>): Promise<Response> {
  const clientId = (await readOwnForm(c)).require("client");
  await endConnectedApp(c.var.services, c.var.acting.actor, clientId);
  return seeOther(c, `${pathOf(c)}?${new URLSearchParams({ ended: clientId })}`);
}

function pathOf(c: Context<ActingEnv>): string {
  return `${basePathOf(c)}${consolePath(c.var.acting.right.ownerId)}/apps`;
}

/** INVARIANT: anybody can write a link to this page, and none makes it say that an app is ended which is connected. */
function endedApp(c: Context<ActingEnv>, connected: readonly ConnectedApp[]): string | null {
  const clientId = c.req.query("ended") ?? null;
  return connected.some((app) => app.clientId === clientId) ? null : clientId;
}

function listed(connected: ConnectedApp, language: string): AppsPageProps["apps"][number] {
  const { clientId, redirectUris, scopes, since, resources } = connected;
  return {
    id: clientId,
    app: shownApp(connected, redirectUris, language),
    abilities: abilitiesOf(scopes),
    connectedAt: since,
    things: resources,
  };
}
