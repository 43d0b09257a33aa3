import { Hono } from "hono";
import { endSession } from "../../operations/account/sessions.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { dropErrands } from "../browser/errands.ts";
import { basePathOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { forgetSession, sessionSecret } from "../browser/session.ts";
import { startVisit } from "../browser/visit.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { readArrival } from "./continuation.ts";

/** Signing out, by a form: a link that does it could be anybody's. With `continue`, to go on there as somebody else. */
export function signOutRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const form = await readOwnForm(c);
      const { sealed } = await readArrival(c, form.get("continue"));
      const secret = sessionSecret(c);
      if (secret !== null) await endSession(c.var.services, secret, c.var.now);
      forgetSession(c);
      startVisit(c);
      if (sealed === null) dropErrands(c);
      const onward = sealed === null ? "notice=signedOut" : `continue=${encodeURIComponent(sealed)}`;
      return seeOther(c, `${basePathOf(c)}/sign-in?${onward}`);
    })
    .all("/", onlyPageMethods("POST"));
}
