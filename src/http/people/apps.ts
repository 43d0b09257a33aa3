import { Hono } from "hono";
import { endConnectedApp, findConnectedApps, nameOfApp } from "../../operations/authorize/connected-apps.ts";
import type { ConnectedApp } from "../../operations/ports/consent.ts";
import { AppsPage, type AppsPageProps } from "../../pages/apps.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, sessionSecret } from "../browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { personFacts } from "./person-facts.ts";
import { abilitiesOf, shownApp } from "./shown-app.ts";

const PATH = "/account/apps";

/** The apps that a person has connected, for themselves or for those for whom they act. */
export function appRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const { services, now } = c.var;
      const found = await findConnectedApps(services, sessionSecret(c), c.req.query("after") ?? null, now);
      if (found === null) return signInFirst(c);
      const { items, next, total } = found;
      const page = AppsPage({
        frame: await frameOf(c, await personFacts(c, found)),
        apps: items.map(listed),
        total,
        next: next === null ? null : `${basePathOf(c)}${PATH}?after=${encodeURIComponent(next)}`,
        ended: await nameOfApp(services, endedApp(c, items)),
      });
      return renderPage(c, page);
    })
    .all("/", onlyPageMethods("GET"))
    .post("/end", async (c) => {
      const { services, now } = c.var;
      const form = await readOwnForm(c);
      const app = { ownerId: form.get("owner"), clientId: form.require("client") };
      const ended = await endConnectedApp(services, sessionSecret(c), app, now);
      if (ended === null) return signInFirst(c);
      const owner = app.ownerId === null ? {} : { owner: app.ownerId };
      const query = new URLSearchParams({ ended: app.clientId, ...owner });
      return seeOther(c, `${services.config.issuer}${PATH}?${query}`);
    })
    .all("/end", onlyPageMethods("POST"));
}

/** INVARIANT: anybody can write a link to this page, and none makes it say that an app is ended which is connected. */
function endedApp(c: PageContext, connected: readonly ConnectedApp[]): string | null {
  const [clientId = null, ofOwner = null] = [c.req.query("ended"), c.req.query("owner")];
  const isOf = ({ ownerId, ownerName }: ConnectedApp) => (ofOwner === null ? ownerName === null : ownerId === ofOwner);
  return connected.some((app) => app.clientId === clientId && isOf(app)) ? null : clientId;
}

function signInFirst(c: PageContext): Promise<Response> {
  return sendToSignIn(c, { path: PATH, demand: ANY_SIGN_IN, app: null, leadsTo: null });
}

function listed(connected: ConnectedApp): AppsPageProps["apps"][number] {
  const { ownerId, ownerName, clientId, clientName, clientUri, redirectUris, scopes, since } = connected;
  const redirectUri = redirectUris.find((uri) => uri.startsWith("https:")) ?? null;
  return {
    id: clientId,
    app: shownApp({ name: clientName, clientUri }, redirectUri),
    abilities: abilitiesOf(scopes),
    owner: ownerName === null ? null : { id: ownerId, name: ownerName },
    connectedAt: since,
  };
}
