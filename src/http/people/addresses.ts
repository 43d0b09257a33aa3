import { type Context, Hono } from "hono";
import { addAddress, removeAddress } from "../../operations/account/addresses.ts";
import { checkCode, openChallenge } from "../../operations/account/email-code.ts";
import { CodePage } from "../../pages/sign-in-code.tsx";
import type { Words } from "../../pages/words/en.ts";
import { parseAddress } from "../../protocol/email-address.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { signedInLately } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import { CODE_ERRORS, type CodeForm, minutesOf, rememberProof, requestCode, whereLettersGo } from "./code-request.ts";

/** Where the addresses stand among all other ways in; it tells what came of each step. */
const SECURITY = "/account/security";
const ADDRESSES = "/account/security/addresses";
const CODE = "/account/security/addresses/code";
const lately = signedInLately(SECURITY);

/** The addresses of an account: each signs in to it, and is added by a code. */
export function addressRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", whereLettersGo, lately, sendToAddress)
    .all("/", onlyPageMethods("POST"))
    .get("/code", lately, askForCode)
    .post("/code", lately, takeCode)
    .all("/code", onlyPageMethods("GET", "POST"))
    .post("/remove", lately, remove)
    .all("/remove", onlyPageMethods("POST"));
}

async function sendToAddress(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const [address, at] = [parseAddress(form.get("address") ?? ""), form.get("at")];
  if (address === null) return tell(c, { addressError: "notAnAddress" });
  const sent = await requestCode(c, { purpose: "add_address", address, app: null });
  if (sent.kind === "sent")
    return seeOther(c, `${basePathOf(c)}${CODE}?${new URLSearchParams({ at: sent.challenge })}`);
  if (sent.kind === "not_posted") return tell(c, { addressError: "notSent" });
  c.header("Retry-After", String(sent.seconds));
  // Whoever has a letter already need not begin again.
  const former = at === null ? null : await challengeOf(c, at);
  if (at === null || former?.address !== address) return tell(c, { addressError: "tooMany" });
  return codePage(c, { address, at, wait: minutesOf(sent.seconds) }, 429);
}

async function askForCode(c: Context<PersonEnv>): Promise<Response> {
  const at = c.req.query("at") ?? "";
  const challenge = await challengeOf(c, at);
  // It is of another browser, or of a visit before the last sign-in.
  if (challenge === null) return tell(c, {});
  const error = challenge.expiresAt <= c.var.now ? "expired" : null;
  return codePage(c, { address: challenge.address, at, error });
}

async function takeCode(c: Context<PersonEnv>): Promise<Response> {
  const { services, person, now } = c.var;
  const form = await readOwnForm(c);
  const at = form.require("at");
  const entered = { purpose: "add_address", challenge: at, visit: await visitHashOf(c) } as const;
  const checked = await checkCode(services, { ...entered, typed: form.get("code") ?? "" }, now);
  if (checked.kind === "foreign") return tell(c, {});
  const { address } = checked;
  if (checked.kind !== "right") return codePage(c, { address, at, error: CODE_ERRORS[checked.kind] }, 400);
  await rememberProof(c, address);
  return tell(c, ADDED[await addAddress(services, person.account, address, now)]);
}

async function remove(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const isRemoved = await removeAddress(c.var.services, c.var.person.account, form.require("id"));
  return tell(c, isRemoved ? { notice: "addressRemoved" } : { error: "lastWayIn" });
}

/** What security.ts says there, by the keys of the catalogue. */
interface Outcome {
  readonly notice?: keyof Words["security"]["notices"];
  readonly error?: keyof Words["security"]["errors"];
  readonly addressError?: keyof Words["signInEmail"]["errors"];
}

const ADDED: Readonly<Record<Awaited<ReturnType<typeof addAddress>>, Outcome>> = {
  added: { notice: "addressAdded" },
  known: { notice: "addressAdded" },
  somebody_elses: { addressError: "taken" },
  full: { error: "tooMany" },
};

function tell(c: Context<PersonEnv>, outcome: Outcome): Response {
  return seeOther(c, `${basePathOf(c)}${SECURITY}?${new URLSearchParams({ ...outcome })}`);
}

async function challengeOf(c: Context<PersonEnv>, at: string) {
  return openChallenge(c.var.services, { purpose: "add_address", challenge: at, visit: await visitHashOf(c) });
}

async function codePage(
  c: Context<PersonEnv>,
  { at, address, error = null, wait = null }: CodeForm,
  status: 200 | 400 | 429 = 200,
): Promise<Response> {
  const ways = { action: CODE, again: ADDRESSES, otherAddress: `${SECURITY}#addresses` };
  return renderPage(c, CodePage({ frame: await frameOf(c), address, hidden: { at }, error, wait, ...ways }), status);
}
