import { Hono } from "hono";
import { askForPasskey, signInWithPasskey } from "../../operations/account/sign-in-with-passkey.ts";
import { offeredWaysIn } from "../../operations/account/ways-in.ts";
import { SignInPage } from "../../pages/sign-in.tsx";
import { type Continuation, isRecentEnough } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnJson } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { scriptAnswer } from "../browser/script-answer.ts";
import { beginSession, signedIn } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { sourceOf } from "../source.ts";
import { type Arrival, arrivalOf, destinationOf, formTargetsOf, visitOf } from "./continuation.ts";

/** Signing in with a passkey, on the page that offers every way in. */
export function signInRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const [arrival, person] = await Promise.all([arrivalOf(c), signedIn(c)]);
      if (person !== null && isEnough(arrival.continuation, person.session.authenticatedAt)) {
        return seeOther(c, destinationOf(c, arrival));
      }
      const page = SignInPage(await propsOf(c, arrival, person !== null));
      return renderPage(c, page, 200, { formTargets: formTargetsOf(arrival) });
    })
    .post("/passkey/options", async (c) => {
      await readOwnJson(c);
      return scriptAnswer(c, await askForPasskey(c.var.services, await visitHashOf(c), c.var.now));
    })
    .post("/passkey", async (c) => {
      const answer = { body: await readOwnJson(c), visit: await visitHashOf(c), source: sourceOf(c.req.raw) };
      const account = await signInWithPasskey(c.var.services, answer, c.var.now);
      await beginSession(c, { account, method: "passkey", authenticatedAt: c.var.now });
      return scriptAnswer(c, { location: destinationOf(c, await arrivalOf(c)) });
    })
    .all("/", onlyPageMethods("GET"))
    .all("/passkey", onlyPageMethods("POST"))
    .all("/passkey/options", onlyPageMethods("POST"));
}

/** Whether somebody who signed in then need not do so again. */
function isEnough(continuation: Continuation | null, authenticatedAt: number): boolean {
  return continuation === null || isRecentEnough(continuation.demand, authenticatedAt);
}

async function propsOf(c: PageContext, arrival: Arrival, isAgain: boolean) {
  const { sealed, continuation } = arrival;
  return {
    frame: await frameOf(c),
    continuation: sealed,
    app: continuation?.app ?? null,
    visit: visitOf(arrival),
    isAgain,
    ...(await offeredWaysIn(c.var.services)),
    addressSuffices: continuation?.demand.addressSuffices ?? false,
    notice: knownKey(wordsFor(c).signIn.problems, c.req.query("notice")),
  };
}
