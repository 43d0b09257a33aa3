import { Hono } from "hono";
import { readName } from "../../operations/account/create-account.ts";
import {
  forgetApp,
  listRemembered,
  nameForgotten,
  type Remembered,
  type RememberedFact,
} from "../../operations/interact/remembered.ts";
import type { AppFacts } from "../../pages/parts/identity.tsx";
import { type Memory, RememberedPage } from "../../pages/remembered.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, signedIn } from "../browser/session.ts";
import type { PageContext, SignedInPerson, UsherEnv, UsherHono } from "../context.ts";
import { shownApp } from "./shown-app.ts";

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
    .all("/forget", onlyPageMethods("POST"));
}

function signInFirst(c: PageContext): Promise<Response> {
  return sendToSignIn(c, { path: REMEMBERED, demand: ANY_SIGN_IN, app: null, leadsTo: null });
}

async function showRemembered(c: PageContext, { account }: SignedInPerson): Promise<Response> {
  const { services, now } = c.var;
  const [name, remembered, forgotten] = await Promise.all([
    readName(services, account),
    listRemembered(services, account, now),
    nameForgotten(services, c.req.query("forgotten")),
  ]);
  const frame = await frameOf(c, { name: name === "" ? null : name, address: null });
  // Anybody can write a link to this page; none makes it say that something is forgotten which is not.
  const isForgotten = !remembered.some(({ clientId }) => clientId === c.req.query("forgotten"));
  const memories = remembered.map((one) => memoryOf(one, frame.words.language.tag));
  const page = { frame, memories, total: memories.length, next: null, forgotten: isForgotten ? forgotten : null };
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
