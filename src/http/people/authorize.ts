import { Hono } from "hono";
import {
  beginAuthorization,
  continueAuthorization,
  type NextStep,
  signInAnother,
} from "../../operations/authorize/advance.ts";
import { answerConsent } from "../../operations/authorize/answer-consent.ts";
import { ConsentPage } from "../../pages/consent.tsx";
import { hostOf } from "../../protocol/client-home.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { invalidRequest } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { wishLanguage, wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { formTargetOf, renderPage } from "../browser/render-page.ts";
import { sendToSignIn, sessionSecret } from "../browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { readAuthorizationQuery } from "./authorization-query.ts";
import { consentPath } from "./consent-path.ts";
import { formAsQuery } from "./form-as-query.ts";
import { interactionPath } from "./interaction-path.ts";
import { personFacts } from "./person-facts.ts";
import { abilitiesOf, calledApp, learnsOf, shownApp } from "./shown-app.ts";

/** The authorization endpoint (RFC 6749 §3.1), and the page on which a person is asked. */
export function authorizeRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const { services, now } = c.var;
      const parameters = readAuthorizationQuery(c.req.raw);
      const { next, uiLocales } = await beginAuthorization(services, parameters, sessionSecret(c), now);
      if (uiLocales !== null) wishLanguage(c, uiLocales);
      return goOn(c, next);
    })
    .post("/", formAsQuery(ENDPOINTS.authorization))
    .all("/", onlyPageMethods("GET", "POST"))
    .get("/consent", async (c) => {
      const { services, now } = c.var;
      const next = await continueAuthorization(services, c.req.query("at") ?? "", sessionSecret(c), now);
      return next.step === "ask" ? showConsent(c, next) : goOn(c, next);
    })
    .post("/consent", async (c) => {
      const { services, now } = c.var;
      const form = await readOwnForm(c);
      const at = form.require("at");
      const decision = parseDecision(form);
      if (decision === "switch") return goOn(c, await signInAnother(services, at, now));
      const answer = { at, isAllowed: decision === "allow", ownerId: form.get("owner") };
      return goOn(c, await answerConsent(services, answer, sessionSecret(c), now));
    })
    .all("/consent", onlyPageMethods("GET", "POST"));
}

function goOn(c: PageContext, next: NextStep): Response | Promise<Response> {
  switch (next.step) {
    case "respond":
      return seeOther(c, next.location);
    case "visit":
      return seeOther(c, c.var.services.config.issuer + interactionPath(next.at));
    case "sign_in":
      return sendToSignIn(c, {
        path: consentPath(next.at),
        demand: next.demand,
        app: calledApp(next.client, next.redirectUri, wordsFor(c)),
        leadsTo: formTargetOf(next.redirectUri),
      });
    case "ask":
      return seeOther(c, c.var.services.config.issuer + consentPath(next.at));
  }
}

async function showConsent(
  c: PageContext,
  { at, client, request, consenter }: Extract<NextStep, { readonly step: "ask" }>,
): Promise<Response> {
  const person = await personFacts(c, consenter);
  const page = ConsentPage({
    frame: await frameOf(c, person),
    app: shownApp(client, [request.redirectUri], wordsFor(c).language.tag),
    documents: { policy: client.policyUri, terms: client.tosUri },
    learns: learnsOf(request.identity?.scopes ?? []),
    tellsOwners: client.mayPushClaims,
    abilities: abilitiesOf(request.connectionScopes),
    person,
    owners: consenter.owners.map(({ ownerId: id, name }) => ({ id, name })),
    selected: consenter.owners[0]?.ownerId ?? "",
    returnsTo: hostOf(request.redirectUri),
    hidden: { at },
  });
  return renderPage(c, page, 200, { formTargets: [formTargetOf(request.redirectUri)] });
}

/** @throws ProtocolError invalid_request for a form that no page of ours has. */
function parseDecision(form: FormParameters): "allow" | "refuse" | "switch" {
  const decision = form.require("decision");
  if (decision === "allow" || decision === "refuse" || decision === "switch") return decision;
  throw invalidRequest("decision must be allow, refuse or switch");
}
