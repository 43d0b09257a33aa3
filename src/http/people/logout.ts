import { Hono } from "hono";
import { endSession } from "../../operations/account/sessions.ts";
import { type Logout, readLogout } from "../../operations/identify/end-session.ts";
import { ConfirmPage } from "../../pages/confirm.tsx";
import type { SentParameters } from "../../protocol/authorization-request.ts";
import { hostOf } from "../../protocol/client-home.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { invalidRequest } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { dropErrands } from "../browser/errands.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { wishLanguage } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { formTargetOf, renderPage } from "../browser/render-page.ts";
import { forgetSession, sessionSecret, signedIn } from "../browser/session.ts";
import { startVisit } from "../browser/visit.ts";
import type { PageContext, SignedInPerson, UsherEnv, UsherHono } from "../context.ts";
import { formAsQuery } from "./form-as-query.ts";
import { personFacts } from "./person-facts.ts";
import { readSentParameters } from "./sent-parameters.ts";

/** What our own page asks, below the endpoint. */
const CONFIRMED = "/confirmed";

/**
 * Where apps send people who sign out there (OpenID Connect RP-Initiated Logout §2). They are asked, because a link that
 * signs somebody out could be anybody's (§6), and so could an app that nobody vouches for.
 */
export function logoutRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const sent = readSentParameters(new URL(c.req.url));
      const [repeated] = sent.repeated;
      if (repeated !== undefined) throw invalidRequest("a parameter is sent more than once");
      const logout = await parseLogout(c, sent);
      const uiLocales = sent.get("ui_locales");
      if (uiLocales !== null) wishLanguage(c, uiLocales);
      const person = await signedIn(c);
      return person === null && logout.goesByItself ? leave(c, logout) : ask(c, logout, sent, person);
    })
    .post("/", formAsQuery(ENDPOINTS.endSession))
    .all("/", onlyPageMethods("GET", "POST"))
    .post(CONFIRMED, async (c) => {
      const logout = await parseLogout(c, await readOwnForm(c));
      const secret = sessionSecret(c);
      if (secret !== null) await endSession(c.var.services, secret, c.var.now);
      forgetSession(c);
      startVisit(c);
      dropErrands(c);
      return leave(c, logout);
    })
    .all(CONFIRMED, onlyPageMethods("POST"));
}

function parseLogout(c: PageContext, sent: Pick<SentParameters, "get">): Promise<Logout> {
  const { services, now } = c.var;
  const logout = {
    idTokenHint: sent.get("id_token_hint"),
    clientId: sent.get("client_id"),
    redirectUri: sent.get("post_logout_redirect_uri"),
    state: sent.get("state"),
  };
  return readLogout(services, logout, now);
}

async function ask(
  c: PageContext,
  { clientId, redirectUri }: Logout,
  sent: Pick<SentParameters, "get">,
  person: SignedInPerson | null,
): Promise<Response> {
  const page = ConfirmPage({
    frame: await frameOf(c, person && (await personFacts(c, person))),
    question: "signOut",
    action: ENDPOINTS.endSession + CONFIRMED,
    hidden: { client_id: clientId, post_logout_redirect_uri: redirectUri, state: sent.get("state") },
    cancel: "/account",
    returnsTo: redirectUri === null ? null : { host: hostOf(redirectUri) },
  });
  return renderPage(c, page, 200, { formTargets: redirectUri === null ? [] : [formTargetOf(redirectUri)] });
}

function leave(c: PageContext, { location }: Logout): Response {
  return seeOther(c, location ?? `${basePathOf(c)}/sign-in?notice=signedOut`);
}
