import { type Context, Hono } from "hono";
import { sealContinuation } from "../../operations/account/continuation.ts";
import { makeRecoveryCodes } from "../../operations/account/recovery-codes.ts";
import { openShownCodes, sealShownCodes } from "../../operations/account/shown-codes.ts";
import { RecoveryCodesPage } from "../../pages/recovery-codes.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { signedInLately, signedInOnly } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, PersonEnv, SignedInPerson, UsherEnv, UsherHono } from "../context.ts";
import { confirm } from "./confirm.ts";
import { arrivalOf, destinationOf } from "./continuation.ts";
import { personFacts } from "./person-facts.ts";

const HERE = "/account/security/recovery-codes";
const SECURITY = "/account/security";

/** Making new recovery codes, and showing them once. */
export function recoveryCodeRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", signedInLately(), (c) => confirm(c, "newRecoveryCodes", HERE))
    .post("/", signedInLately(HERE), async (c) => {
      await readOwnForm(c);
      const { services, person, now } = c.var;
      const back = { path: SECURITY, demand: ANY_SIGN_IN, app: null, leadsTo: null };
      return seeOther(c, await pathToNewCodes(c, person.account, await sealContinuation(services, back, now)));
    })
    .get(
      "/new",
      signedInOnly(() => ANY_SIGN_IN),
      showCodes,
    )
    .all("/", onlyPageMethods("GET", "POST"))
    .all("/new", onlyPageMethods("GET"));
}

/**
 * Makes new recovery codes for whoever has just proved who they are.
 * @param continuation sealed: where they go on to once they have kept them; null: to where they begin.
 * @returns the path, with the issuer's own before it, of the page that shows them.
 */
export async function pathToNewCodes(
  c: PageContext,
  account: SignedInPerson["account"],
  continuation: string | null,
): Promise<string> {
  const { services, now } = c.var;
  const codes = await makeRecoveryCodes(services, account, now);
  const at = await sealShownCodes(services, account, codes, await visitHashOf(c), now);
  const query = new URLSearchParams({ at, ...(continuation === null ? {} : { continue: continuation }) });
  return `${basePathOf(c)}${HERE}/new?${query}`;
}

async function showCodes(c: Context<PersonEnv>): Promise<Response> {
  const { services, now, person } = c.var;
  const codes = await openShownCodes(services, person.account, c.req.query("at") ?? "", await visitHashOf(c), now);
  const next = destinationOf(c, await arrivalOf(c));
  if (codes === null) return seeOther(c, `${basePathOf(c)}${SECURITY}#recovery`);
  const frame = await frameOf(c, await personFacts(c, person));
  return renderPage(c, RecoveryCodesPage({ frame, codes, next }));
}
