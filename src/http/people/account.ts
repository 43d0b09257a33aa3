import { type Context, Hono } from "hono";
import { renameAccount } from "../../operations/account/rename-account.ts";
import { AccountPage } from "../../pages/account.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { parsePersonName } from "../../protocol/person-name.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { signedInOnly } from "../browser/session.ts";
import { consolePath } from "../console/acting.ts";
import type { OverviewEnv, PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import { framePersonOf, overviewOnly } from "./overview.ts";

/** Where somebody finds what their account comes down to. */
export function accountRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", overviewOnly, accountPage)
    .get(
      "/apps",
      signedInOnly(() => ANY_SIGN_IN),
      (c) => seeOther(c, `${basePathOf(c)}${consolePath(c.var.person.account.ownerId)}/apps`),
    )
    .post(
      "/name",
      signedInOnly(() => ANY_SIGN_IN, "/account"),
      rename,
    )
    .all("/", onlyPageMethods("GET"))
    .all("/apps", onlyPageMethods("GET"))
    .all("/name", onlyPageMethods("POST"));
}

async function accountPage(c: Context<OverviewEnv>): Promise<Response> {
  const { overview } = c.var;
  const person = framePersonOf(overview);
  const page = AccountPage({
    frame: await frameOf(c, person),
    person,
    apps: overview.connections,
    passkeys: overview.passkeys.length,
    addresses: overview.addresses.length,
    providers: overview.identities.length,
    recoveryCodes: overview.recoveryCodes,
    remembered: overview.remembered,
    organisations: overview.organisations,
    isSaved: c.req.query("saved") === "1",
    error: knownKey(wordsFor(c).account.errors, c.req.query("error")),
  });
  return renderPage(c, page);
}

async function rename(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const name = parsePersonName(form.get("name") ?? "");
  if (name === null) return seeOther(c, `${basePathOf(c)}/account?error=nameTooLong`);
  await renameAccount(c.var.services, c.var.person.account, name);
  return seeOther(c, `${basePathOf(c)}/account?saved=1`);
}
