import { Hono } from "hono";
import { readName } from "../../operations/account/create-account.ts";
import { listSignInApps, type SignInApp, takeBackIdentity } from "../../operations/identify/sign-in-apps.ts";
import {
  forgetApp,
  listRemembered,
  nameForgotten,
  type Remembered,
  type RememberedFact,
} from "../../operations/interact/remembered.ts";
import type { AppFacts } from "../../pages/parts/identity.tsx";
import { type KnownApp, type Memory, RememberedPage } from "../../pages/remembered.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, signedIn } from "../browser/session.ts";
import type { PageContext, SignedInPerson, UsherEnv, UsherHono } from "../context.ts";
import { learnsOf, shownApp } from "./shown-app.ts";

const REMEMBERED = "/account/remembered";

/** What is remembered about somebody, for which app, and how it is forgotten. */
export function rememberedRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const person = await signedIn(c);
      return person === null ? signInFirst(c) : showRemembered(c, person);
    })
    .all("/", onlyPageMethods("GET"))
    .post("/forget", async (c) => {
      const form = await readOwnForm(c);
      const person = await signedIn(c);
      if (person === null) return signInFirst(c);
      const { services } = c.var;
      const clientId = form.require("id");
      const isForgotten = await forgetApp(services, person.account, clientId);
      const query = isForgotten ? `?forgotten=${encodeURIComponent(clientId)}` : "";
      return seeOther(c, services.config.issuer + REMEMBERED + query);
    })
    .all("/forget", onlyPageMethods("POST"))
    .post("/take-back", async (c) => {
      const form = await readOwnForm(c);
      const person = await signedIn(c);
      if (person === null) return signInFirst(c);
      const { services } = c.var;
      const clientId = form.require("id");
      const isTakenBack = await takeBackIdentity(services, person.account, clientId);
      const query = isTakenBack ? `?taken_back=${encodeURIComponent(clientId)}` : "";
      return seeOther(c, services.config.issuer + REMEMBERED + query);
    })
    .all("/take-back", onlyPageMethods("POST"));
}

function signInFirst(c: PageContext): Promise<Response> {
  return sendToSignIn(c, { path: REMEMBERED, demand: ANY_SIGN_IN, app: null, leadsTo: null });
}

async function showRemembered(c: PageContext, { account }: SignedInPerson): Promise<Response> {
  const { services, now } = c.var;
  const [name, remembered, signIns, forgotten, takenBack] = await Promise.all([
    readName(services, account),
    listRemembered(services, account, now),
    listSignInApps(services, account),
    nameForgotten(services, c.req.query("forgotten")),
    nameForgotten(services, c.req.query("taken_back")),
  ]);
  const frame = await frameOf(c, { name: name === "" ? null : name, address: null });
  // Anybody can write a link to this page; none makes it say that something is forgotten which is not.
  const isForgotten = !remembered.some(({ clientId }) => clientId === c.req.query("forgotten"));
  const memories = remembered.map((one) => memoryOf(one, frame.words.language.tag));
  const isTakenBack = !signIns.some(({ clientId }) => clientId === c.req.query("taken_back"));
  const page = {
    ...{ frame, memories, total: memories.length, next: null, forgotten: isForgotten ? forgotten : null },
    signIns: signIns.map((one) => knownAppOf(one, frame.words.language.tag)),
    takenBack: isTakenBack ? takenBack : null,
  };
  return renderPage(c, RememberedPage(page));
}

function memoryOf({ clientId, client, facts, createdAt, usedAt, expiresAt }: Remembered, language: string): Memory {
  return {
    id: clientId,
    app: client === null ? goneApp(clientId) : shownApp(client, client.claimsRedirectUris, language),
    facts: facts.map(shown),
    since: createdAt,
    lastUsedAt: usedAt,
    until: expiresAt,
  };
}

function goneApp(name: string): AppFacts {
  return { name, host: null, isVerified: false };
}

function shown({ name, values }: RememberedFact) {
  return { name, value: values.length === 0 ? null : values.join(", ") };
}

function knownAppOf({ clientId: id, client, clientName, scopes, consentedAt }: SignInApp, language: string): KnownApp {
  const gone = { name: clientName ?? id, host: null, isVerified: false };
  const app = client === null ? gone : shownApp(client, client.redirectUris, language);
  return { id, app, learns: learnsOf(scopes), since: consentedAt };
}
