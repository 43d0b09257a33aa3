import { type Context, Hono } from "hono";
import { unlinkIdentity } from "../../operations/account/link-identity.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { signedInLately } from "../browser/session.ts";
import type { PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import { leaveFor } from "./upstream.ts";

const SECURITY = "/account/security";
/** What changes how an account is signed in to takes a recent sign-in; a form is not sent again after one. */
const lately = signedInLately(SECURITY);

/** What somebody is at providers, linked to the account that they are signed in to, and unlinked from it. */
export function linkedIdentityRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", lately, link)
    .post("/remove", lately, unlink)
    .all("/", onlyPageMethods("POST"))
    .all("/remove", onlyPageMethods("POST"));
}

async function link(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  return leaveFor(c, form.require("provider"), { kind: "link", accountId: c.var.person.account.id });
}

async function unlink(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const isUnlinked = await unlinkIdentity(c.var.services, c.var.person.account, form.require("id"));
  return seeOther(c, `${basePathOf(c)}${SECURITY}?${isUnlinked ? "notice=unlinked" : "error=lastWayIn"}`);
}
