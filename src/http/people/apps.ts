import { Hono } from "hono";
import { endConnectedApp, listConnectedApps, nameOfApp } from "../../operations/authorize/connected-apps.ts";
import type { ConnectedApp } from "../../operations/ports/consent.ts";
import { AppsPage, type AppsPageProps } from "../../pages/apps.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, signedIn, signedInOnly } from "../browser/session.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { personFacts } from "./person-facts.ts";
import { abilitiesOf, shownApp } from "./shown-app.ts";

const PATH = "/account/apps";

/** The apps that a person has connected, for themselves or for those for whom they act. */
export function appRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get(
      "/",
      signedInOnly(() => ANY_SIGN_IN),
      async (c) => {
        const { services, now, person } = c.var;
        const [{ items, next, total }, ended, shown] = await Promise.all([
          listConnectedApps(services, person.account.id, c.req.query("after") ?? null, now),
          nameOfApp(services, c.req.query("ended") ?? null),
          personFacts(c, person.account),
        ]);
        const page = AppsPage({
          frame: await frameOf(c, shown),
          apps: items.map(listed),
          total,
          next: next === null ? null : `${basePathOf(c)}${PATH}?after=${encodeURIComponent(next)}`,
          ended,
        });
        return renderPage(c, page);
      },
    )
    .all("/", onlyPageMethods("GET"))
    .post("/end", async (c) => {
      const { services, now } = c.var;
      const form = await readOwnForm(c);
      const person = await signedIn(c);
      if (person === null) return sendToSignIn(c, { path: PATH, demand: ANY_SIGN_IN, app: null });
      const clientId = form.require("client");
      const ownerId = form.get("owner") ?? person.account.ownerId;
      await endConnectedApp(services, person.account.id, { ownerId, clientId }, now);
      return seeOther(c, `${services.config.issuer}${PATH}?ended=${encodeURIComponent(clientId)}`);
    })
    .all("/end", onlyPageMethods("POST"));
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
