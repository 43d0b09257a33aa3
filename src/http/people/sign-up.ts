import { Hono } from "hono";
import * as v from "valibot";
import { createAccountByAddress, openProvenAddress } from "../../operations/account/email-sign-in.ts";
import { askForFirstPasskey, signUpWithPasskey } from "../../operations/account/sign-up.ts";
import { offeredWaysIn } from "../../operations/account/ways-in.ts";
import { SignUpPage, type SignUpPageProps } from "../../pages/sign-up.tsx";
import { parsePersonName } from "../../protocol/person-name.ts";
import { MAX_PARAMETER_CHARACTERS, MAX_SEALED_PARAMETER_CHARACTERS } from "../../shared/limits.ts";
import { boundedString, parseBody } from "../../shared/parse.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm, readOwnJson } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { PageProblem } from "../browser/page-problem.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { scriptAnswer } from "../browser/script-answer.ts";
import { beginSession, signedIn } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { sourceOf } from "../source.ts";
import { type Arrival, arrivalOf, destinationOf, formTargetsOf, readArrival } from "./continuation.ts";
import { passkeyNameFor } from "./passkey-name.ts";
import { pathToNewCodes } from "./recovery-codes.ts";

/** The fields of the form, as the script sends them; what only the form itself needs is not looked at. */
const Fields = v.object({
  name: v.optional(boundedString(MAX_PARAMETER_CHARACTERS), ""),
  at: v.optional(v.nullable(boundedString(MAX_SEALED_PARAMETER_CHARACTERS)), null),
});

/** Making an account, with a passkey or with an address that a code has proved. */
export function signUpRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const arrival = await arrivalOf(c);
      if ((await signedIn(c)) !== null) return seeOther(c, destinationOf(c, arrival));
      return signUpPage(c, arrival, { proven: await provenOf(c, c.req.query("at") ?? null) });
    })
    .post("/", beginWithAddress)
    .post("/passkey/options", async (c) => {
      const { name, at } = parseBody(Fields, await readOwnJson(c));
      const newcomer = { name, proven: at };
      return scriptAnswer(c, await askForFirstPasskey(c.var.services, newcomer, await visitHashOf(c), c.var.now));
    })
    .post("/passkey", beginWithPasskey)
    .all("/", onlyPageMethods("GET", "POST"))
    .all("/passkey", onlyPageMethods("POST"))
    .all("/passkey/options", onlyPageMethods("POST"));
}

/** The account, a session in it, and the page that shows its recovery codes, once. */
async function beginWithPasskey(c: PageContext): Promise<Response> {
  const { services, now } = c.var;
  const answer = { body: await readOwnJson(c), visit: await visitHashOf(c), source: sourceOf(c.req.raw) };
  const arrival = await arrivalOf(c);
  const account = await signUpWithPasskey(services, { ...answer, passkeyName: passkeyNameFor(c) }, now);
  await beginSession(c, { account, method: "passkey", authenticatedAt: now });
  return scriptAnswer(c, { location: await pathToNewCodes(c, account, arrival.sealed) });
}

/** Without a passkey, for whoever has none or has no use for one, but has proved an address. */
async function beginWithAddress(c: PageContext): Promise<Response> {
  const { services, now } = c.var;
  const form = await readOwnForm(c);
  const arrival = await readArrival(c, form.get("continue"));
  const proven = await provenOf(c, form.get("at"));
  const typed = form.get("name") ?? "";
  // Where no script makes a passkey of it, Enter sends the form.
  if (proven === null) return signUpPage(c, arrival, { proven, name: typed });
  const name = parsePersonName(typed);
  if (name === null) return signUpPage(c, arrival, { proven, name: typed, error: "nameTooLong" });
  const newcomer = { address: proven.address, name, location: null, source: sourceOf(c.req.raw) };
  const account = await createAccountByAddress(services, newcomer, now);
  if (account === null) throw new PageProblem("formOutOfDate");
  await beginSession(c, { account, method: "email_code", authenticatedAt: now });
  return seeOther(c, destinationOf(c, arrival));
}

async function provenOf(c: PageContext, at: string | null): Promise<SignUpPageProps["proven"]> {
  const proven = at === null ? null : await openProvenAddress(c.var.services, at, await visitHashOf(c), c.var.now);
  return proven === null || at === null ? null : { address: proven.address, at };
}

async function signUpPage(
  c: PageContext,
  arrival: Arrival,
  {
    proven,
    name = "",
    error = null,
  }: Pick<SignUpPageProps, "proven"> & Partial<Pick<SignUpPageProps, "name" | "error">>,
): Promise<Response> {
  const page = SignUpPage({
    frame: await frameOf(c),
    continuation: arrival.sealed,
    app: arrival.continuation?.app ?? null,
    name,
    proven,
    addressSuffices: arrival.continuation?.demand.addressSuffices === true,
    ...(await offeredWaysIn(c.var.services)),
    error,
  });
  return renderPage(c, page, error === null ? 200 : 400, { formTargets: formTargetsOf(arrival) });
}
