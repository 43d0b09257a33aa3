import { Hono } from "hono";
import { type AccessQuestion, type Explanation, explainAccess } from "../../operations/own/explain-access.ts";
import { notFound } from "../../operations/under-connection.ts";
import type { PolicyOutcome } from "../../policy/evaluation/outcome.ts";
import { requiredClaims } from "../../policy/evaluation/required-claims.ts";
import { describeDecision } from "../../policy/speech/describe-decision.ts";
import { describePolicy } from "../../policy/speech/describe-policy.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { MAX_QUESTION_BODY_BYTES } from "../../shared/limits.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { idOf } from "../path-id.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { parseAccessQuestion } from "./question.ts";

/** "Who can see this?" and "what would happen if …?", answered by the evaluation that assessments use. */
export function accessRoutes(): UsherHono {
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .get("/resources/:id/access", ownersTool, async (c) => {
      const { services, caller, now } = c.var;
      const question = aboutNobody(idOf(c.req, notFound), now);
      return privateJson(renderAccess(await explainAccess(services, caller, question)));
    })
    .all("/resources/:id/access", onlyMethods("GET"))
    .post("/explain", ownersTool, async (c) => {
      const { services, caller, now } = c.var;
      const question = parseAccessQuestion(await readJson(c.req.raw, MAX_QUESTION_BODY_BYTES), now);
      return privateJson(renderExplanation(await explainAccess(services, caller, question)));
    })
    .all("/explain", onlyMethods("POST"));
}

/** Somebody of whom nothing is known, with an app of which nothing is known. */
function aboutNobody(resourceId: string, now: number): AccessQuestion {
  return {
    resourceId,
    scopes: null,
    party: null,
    clientId: "",
    at: now,
    whereabouts: { country: null, address: null },
    added: [],
    without: [],
  };
}

function renderAccess(explanation: Explanation): object {
  const groups = new Map([...explanation.groups].map(([id, group]) => [id, group.document.name]));
  return {
    resource_id: explanation.resource.id,
    policies: explanation.policies.map(({ id, version, document }) => ({
      policy_id: id,
      version,
      effect: document.effect,
      sentence: describePolicy(document, { groups }),
    })),
    nobody_named_yet: explanation.scopes.map(({ scope, decision }) => ({
      scope,
      outcome: decision.outcome,
      required_claims: requiredClaims(decision.needs),
    })),
  };
}

function renderExplanation(explanation: Explanation): object {
  const names = new Map(explanation.policies.map(({ id, document }) => [id, document.name ?? id]));
  return {
    resource_id: explanation.resource.id,
    scopes: explanation.scopes.map(({ scope, decision }) => ({
      scope,
      outcome: decision.outcome,
      sentence: describeDecision(decision, (id) => names.get(id) ?? id),
      policies: decision.considered.map(renderOutcome),
      required_claims: requiredClaims(decision.needs),
    })),
  };
}

function renderOutcome({ policyId, effect, outcome, reasons }: PolicyOutcome): object {
  return { policy_id: policyId, effect, outcome, reasons };
}
