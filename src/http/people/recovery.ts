import { Hono } from "hono";
import { signInWithRecoveryCode } from "../../operations/account/recovery-codes.ts";
import { SignInRecoveryPage, type SignInRecoveryPageProps } from "../../pages/sign-in-recovery.tsx";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { beginSession } from "../browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { sourceOf } from "../source.ts";
import { type Arrival, arrivalOf, destinationOf, formTargetsOf, readArrival } from "./continuation.ts";

/** Where somebody goes who came in by a code: to see how many are left, and to add a passkey. */
const AFTER_RECOVERY = "/account/security?notice=recovered";

/** The way in when everything else is lost. */
export function recoveryRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => recoveryPage(c, await arrivalOf(c), null))
    .post("/", async (c) => {
      const form = await readOwnForm(c);
      const arrival = await readArrival(c, form.get("continue"));
      const typed = form.get("code");
      if (typed === null) return recoveryPage(c, arrival, "missing");
      const account = await signInWithRecoveryCode(c.var.services, typed, sourceOf(c.req.raw));
      if (account === null) return recoveryPage(c, arrival, "wrong");
      await beginSession(c, { account, method: "recovery_code", authenticatedAt: c.var.now });
      return seeOther(c, destinationOf(c, arrival, AFTER_RECOVERY));
    })
    .all("/", onlyPageMethods("GET", "POST"));
}

async function recoveryPage(
  c: PageContext,
  arrival: Arrival,
  error: SignInRecoveryPageProps["error"],
): Promise<Response> {
  const page = SignInRecoveryPage({ frame: await frameOf(c), continuation: arrival.sealed, error });
  return renderPage(c, page, error === null ? 200 : 400, { formTargets: formTargetsOf(arrival) });
}
