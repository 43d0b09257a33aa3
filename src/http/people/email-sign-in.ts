import { Hono } from "hono";
import { checkCode, openChallenge } from "../../operations/account/email-code.ts";
import { signInByAddress } from "../../operations/account/email-sign-in.ts";
import { withContinuation } from "../../pages/parts/continuation.ts";
import { CodePage } from "../../pages/sign-in-code.tsx";
import { SignInEmailPage, type SignInEmailPageProps } from "../../pages/sign-in-email.tsx";
import { parseAddress } from "../../protocol/email-address.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { PageProblem } from "../browser/page-problem.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { beginSession, signedIn } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { CODE_ERRORS, type CodeForm, minutesOf, rememberProof, requestCode, whereLettersGo } from "./code-request.ts";
import { type Arrival, arrivalOf, destinationOf, formTargetsOf, readArrival } from "./continuation.ts";

const ADDRESS = "/sign-in/email";
const CODE = "/sign-in/email/code";
/** Where an address that is nobody's becomes an account (sign-up.ts). */
const NEW = "/sign-up";

/** Signing in by a code that goes to an e-mail address. INVARIANT: until it was entered, no answer tells whether the address is known. */
export function emailSignInRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .use(whereLettersGo)
    .get("/", askForAddress)
    .post("/", sendToAddress)
    .all("/", onlyPageMethods("GET", "POST"))
    .get("/code", askForCode)
    .post("/code", takeCode)
    .all("/code", onlyPageMethods("GET", "POST"));
}

async function askForAddress(c: PageContext): Promise<Response> {
  const arrival = await arrivalOf(c);
  const expected = arrival.continuation?.demand.loginHint ?? "";
  return addressPage(c, arrival, { address: parseAddress(expected) ?? "" });
}

async function sendToAddress(c: PageContext): Promise<Response> {
  const form = await readOwnForm(c);
  const arrival = await readArrival(c, form.get("continue"));
  const [typed, at] = [form.get("address") ?? "", form.get("at")];
  const address = parseAddress(typed);
  if (address === null) return addressPage(c, arrival, { address: typed, error: "notAnAddress" }, 400);
  const sent = await requestCode(c, { purpose: "sign_in", address, app: arrival.continuation?.app ?? null });
  if (sent.kind === "sent") return goTo(c, CODE, sent.challenge, arrival);
  if (sent.kind === "not_posted") return addressPage(c, arrival, { address, error: "notSent" }, 503);
  c.header("Retry-After", String(sent.seconds));
  // Whoever has a letter already need not begin again.
  const former = at === null ? null : await challengeOf(c, at);
  if (at === null || former?.address !== address) {
    return addressPage(c, arrival, { address, wait: minutesOf(sent.seconds) }, 429);
  }
  return codePage(c, arrival, { address, at, wait: minutesOf(sent.seconds) }, 429);
}

async function askForCode(c: PageContext): Promise<Response> {
  const arrival = await arrivalOf(c);
  const at = c.req.query("at") ?? "";
  const challenge = await challengeOf(c, at);
  if (challenge === null) return leaveForeign(c, arrival);
  const error = challenge.expiresAt <= c.var.now ? "expired" : null;
  return codePage(c, arrival, { address: challenge.address, at, error });
}

async function takeCode(c: PageContext): Promise<Response> {
  const { services, now } = c.var;
  const form = await readOwnForm(c);
  const arrival = await readArrival(c, form.get("continue"));
  const [at, visit] = [form.require("at"), await visitHashOf(c)];
  const entered = { purpose: "sign_in", challenge: at, visit, typed: form.get("code") ?? "" } as const;
  const checked = await checkCode(services, entered, now);
  if (checked.kind === "foreign") return leaveForeign(c, arrival);
  const { address } = checked;
  if (checked.kind !== "right") return codePage(c, arrival, { address, at, error: CODE_ERRORS[checked.kind] }, 400);
  await rememberProof(c, address);
  const found = await signInByAddress(services, { address, visit }, now);
  if (found.kind === "newcomer") return goTo(c, NEW, found.proven, arrival);
  await beginSession(c, { account: found.account, method: "email_code", authenticatedAt: now });
  return seeOther(c, destinationOf(c, arrival));
}

/** What is not of this visit: somebody went back after signing in, or it was begun in another browser. */
async function leaveForeign(c: PageContext, arrival: Arrival): Promise<Response> {
  if ((await signedIn(c)) !== null) return seeOther(c, destinationOf(c, arrival));
  throw new PageProblem("otherBrowser");
}

async function challengeOf(c: PageContext, at: string) {
  return openChallenge(c.var.services, { purpose: "sign_in", challenge: at, visit: await visitHashOf(c) });
}

/** @param at what the next page goes on with, sealed. */
function goTo(c: PageContext, path: string, at: string, { sealed }: Arrival): Response {
  const query = new URLSearchParams(sealed === null ? { at } : { at, continue: sealed });
  return seeOther(c, `${basePathOf(c)}${path}?${query}`);
}

async function addressPage(
  c: PageContext,
  arrival: Arrival,
  { address, error = null, wait = null }: Pick<SignInEmailPageProps, "address"> & Partial<SignInEmailPageProps>,
  status: 200 | 400 | 429 | 503 = 200,
): Promise<Response> {
  const page = SignInEmailPage({ frame: await frameOf(c), continuation: arrival.sealed, address, error, wait });
  return renderPage(c, page, status, { formTargets: formTargetsOf(arrival) });
}

async function codePage(
  c: PageContext,
  arrival: Arrival,
  { at, address, error = null, wait = null }: CodeForm,
  status: 200 | 400 | 429 = 200,
): Promise<Response> {
  const ways = { action: CODE, again: ADDRESS, otherAddress: withContinuation(ADDRESS, arrival.sealed) };
  const hidden = { at, continue: arrival.sealed };
  const page = CodePage({ frame: await frameOf(c), address, hidden, error, wait, ...ways });
  return renderPage(c, page, status, { formTargets: formTargetsOf(arrival) });
}
