import { type Context, Hono } from "hono";
import { describeIdentities } from "../../operations/account/linked-identities.ts";
import { addPasskey, askForAnotherPasskey, removePasskey, renamePasskey } from "../../operations/account/passkeys.ts";
import { endEverySession, endOtherSession, endOtherSessions } from "../../operations/account/sessions.ts";
import { offeredWaysIn } from "../../operations/account/ways-in.ts";
import { SecurityPage } from "../../pages/security.tsx";
import type { Words } from "../../pages/words/en.ts";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { parsePersonName } from "../../protocol/person-name.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm, readOwnJson } from "../browser/csrf.ts";
import { dropErrands } from "../browser/errands.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { scriptAnswer } from "../browser/script-answer.ts";
import { forgetSession, signedInLately, signedInOnly } from "../browser/session.ts";
import { startVisit, visitHashOf } from "../browser/visit.ts";
import { findWayBack } from "../browser/way-back.ts";
import type { OverviewEnv, PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import { confirm } from "./confirm.ts";
import { framePersonOf, overviewOnly } from "./overview.ts";
import { passkeyNameFor } from "./passkey-name.ts";

const HERE = "/account/security";
/** What changes how an account is opened asks for a sign-in a moment ago; then one is here again. */
const lately = signedInLately(HERE);
/** Giving up what one has asks for no more than having it. */
const signedIn = (back: string | null = null) => signedInOnly(() => ANY_SIGN_IN, back);

/** Every way into an account, and everywhere it is open. */
export function securityRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", overviewOnly, securityPage)
    .post("/passkeys/options", lately, async (c) => {
      await readOwnJson(c);
      const { services, person, now } = c.var;
      return scriptAnswer(c, await askForAnotherPasskey(services, person.account, await visitHashOf(c), now));
    })
    .post("/passkeys", lately, async (c) => {
      const answer = { body: await readOwnJson(c), visit: await visitHashOf(c), passkeyName: passkeyNameFor(c) };
      await addPasskey(c.var.services, c.var.person.account, answer, c.var.now);
      return scriptAnswer(c, { location: `${basePathOf(c)}${HERE}?notice=passkeyAdded` });
    })
    .post("/passkeys/rename", lately, rename)
    .post("/passkeys/remove", lately, remove)
    .post("/sessions/end", signedIn(HERE), endOne)
    .get("/sessions/end-all", signedInLately(), (c) => confirm(c, "endAllSessions", `${HERE}/sessions/end-all`))
    .post("/sessions/end-all", lately, async (c) => {
      await readOwnForm(c);
      await endOtherSessions(c.var.services, c.var.person);
      return seeOther(c, `${basePathOf(c)}${HERE}?notice=allEnded`);
    })
    .get("/sessions/end-everywhere", signedIn(), (c) =>
      confirm(c, "endEverySession", `${HERE}/sessions/end-everywhere`),
    )
    .post("/sessions/end-everywhere", signedIn(HERE), endEvery)
    .all("/", onlyPageMethods("GET"))
    .all("/sessions/end-all", onlyPageMethods("GET", "POST"))
    .all("/sessions/end-everywhere", onlyPageMethods("GET", "POST"))
    .all("/passkeys", onlyPageMethods("POST"))
    .all("/passkeys/options", onlyPageMethods("POST"))
    .all("/passkeys/rename", onlyPageMethods("POST"))
    .all("/passkeys/remove", onlyPageMethods("POST"))
    .all("/sessions/end", onlyPageMethods("POST"));
}

async function securityPage(c: Context<OverviewEnv>): Promise<Response> {
  const { overview } = c.var;
  const { security: words, signInEmail } = wordsFor(c);
  const { providers, sendsMail } = await offeredWaysIn(c.var.services);
  const page = SecurityPage({
    frame: await frameOf(c, framePersonOf(overview)),
    passkeys: overview.passkeys,
    addresses: overview.addresses,
    linked: await describeIdentities(c.var.services, overview.signedIn.account, overview.identities),
    providers,
    sessions: overview.sessions.map(({ device, country, ...session }) => ({
      ...session,
      device: { ...device, country },
    })),
    recoveryCodes: overview.recoveryCodes,
    sendsMail,
    notice: knownKey(words.notices, c.req.query("notice")),
    error: knownKey(words.errors, c.req.query("error")),
    addressError: knownKey(signInEmail.errors, c.req.query("addressError")),
    back: await findWayBack(c),
  });
  return renderPage(c, page);
}

async function rename(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const id = form.require("id");
  const name = parsePersonName(form.get("name") ?? "");
  if (name === null) return backWith(c, "error", "nameTooLong");
  if (name === "") return backWith(c, "error", "nameMissing");
  await renamePasskey(c.var.services, c.var.person.account, id, name);
  return backWith(c, "notice", "renamed");
}

async function remove(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const isRemoved = await removePasskey(c.var.services, c.var.person.account, form.require("id"));
  return isRemoved ? backWith(c, "notice", "passkeyRemoved") : backWith(c, "error", "lastWayIn");
}

/** One that has ended already is as good as ended now. */
async function endOne(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  await endOtherSession(c.var.services, c.var.person, form.require("session"));
  return backWith(c, "notice", "sessionEnded");
}

/** Whoever is at this browser next has no part in anything that was begun in it, as after signing out. */
async function endEvery(c: Context<PersonEnv>): Promise<Response> {
  await readOwnForm(c);
  await endEverySession(c.var.services, c.var.person);
  forgetSession(c);
  startVisit(c);
  dropErrands(c);
  return seeOther(c, `${basePathOf(c)}/sign-in?notice=signedOutEverywhere`);
}

function backWith(c: Context<PersonEnv>, what: "notice" | "error", key: SecurityKey): Response {
  return seeOther(c, `${basePathOf(c)}${HERE}?${what}=${key}`);
}

type SecurityKey = keyof Words["security"]["notices"] | keyof Words["security"]["errors"];
