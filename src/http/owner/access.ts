import { Hono } from "hono";
import {
  type AccessQuestion,
  type ClientObstacle,
  type Explanation,
  explainAccess,
} from "../../operations/own/explain-access.ts";
import { reviewSupposed } from "../../operations/own/review-document.ts";
import { notFound } from "../../operations/under-connection.ts";
import { boundNeeds } from "../../policy/evaluation/needs.ts";
import type { PolicyOutcome } from "../../policy/evaluation/outcome.ts";
import { requiredClaims } from "../../policy/evaluation/required-claims.ts";
import { describeDecision } from "../../policy/speech/describe-decision.ts";
import { describePolicy } from "../../policy/speech/describe-policy.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import {
  MAX_EXPLAINED_POLICIES,
  MAX_EXPLAINED_REASONS,
  MAX_EXPLANATION_CHARACTERS,
  MAX_QUESTION_BODY_BYTES,
} from "../../shared/limits.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { idOf } from "../path-id.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
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
      const explanation = renderExplanation(await explainAccess(services, caller, question));
      return privateJson(withWarnings(explanation, await reviewSupposed(services, caller.ownerId, question)));
    })
    .all("/explain", onlyMethods("POST"));
}

/** Somebody of whom nothing is known, with an app of which nothing is known. */
function aboutNobody(resourceId: string, now: number): AccessQuestion {
  return {
    resourceId,
    scopes: null,
    party: null,
    clientId: null,
    at: now,
    whereabouts: { country: null, address: null },
    added: [],
    without: [],
  };
}

function renderAccess(explanation: Explanation): object {
  const groups = new Map([...explanation.groups].map(([id, group]) => [id, group.document.name]));
  const policies = renderWithin(explanation.policies, ({ id, version, document }) => ({
    policy_id: id,
    version,
    effect: document.effect,
    sentence: describePolicy(document, { groups }),
  }));
  const scopes = renderWithin(explanation.scopes, ({ scope, decision }) => ({
    scope,
    outcome: decision.outcome,
    required_claims: requiredClaims(boundNeeds(decision.needs)),
  }));
  return {
    resource_id: explanation.resource.id,
    policies: policies.rendered,
    ...leftOut("policies_left_out", policies.left.length),
    nobody_named_yet: scopes.rendered,
    ...leftOut("scopes_left_out", scopes.left.length),
  };
}

function renderExplanation(explanation: Explanation): object {
  const names = new Map(explanation.policies.map(({ id, document }) => [id, document.name ?? id]));
  const { rendered, left } = renderWithin(explanation.scopes, ({ scope, decision }) => ({
    scope,
    outcome: decision.outcome,
    sentence: describeDecision(decision, (id) => names.get(id) ?? id),
    ...renderPolicies(decision.considered),
    required_claims: requiredClaims(boundNeeds(decision.needs)),
  }));
  const { obstacle } = explanation;
  return {
    resource_id: explanation.resource.id,
    ...(obstacle === null ? {} : { obstacle: { cause: obstacle, message: OBSTACLES[obstacle] } }),
    scopes: rendered,
    ...leftOut("scopes_left_out", left.length),
  };
}

/** For the owner's tool: what no policy can mend. */
const OBSTACLES: Readonly<Record<ClientObstacle, string>> = {
  client_may_not_ask: "this client is not registered for the UMA grant, so it gets nothing, whatever the policies say",
  client_may_not_push:
    "this client is not registered to push claims (may_push_claims), which could help here: ask the operator",
  client_may_not_redirect:
    "this client has no claims_redirect_uris, so it can send nobody here who could do what is missing: ask the operator",
};

/** First those that say something, then those that do not apply. */
function renderPolicies(considered: readonly PolicyOutcome[]): object {
  const telling = considered.filter(({ outcome }) => outcome !== "no");
  const shown = [...telling, ...considered.filter(({ outcome }) => outcome === "no")].slice(0, MAX_EXPLAINED_POLICIES);
  return { policies: shown.map(renderOutcome), ...leftOut("policies_left_out", considered.length - shown.length) };
}

function renderOutcome({ policyId, effect, outcome, reasons }: PolicyOutcome): object {
  return { policy_id: policyId, effect, outcome, reasons: reasons.slice(0, MAX_EXPLAINED_REASONS) };
}

/** Renders one after the other while the answer has room (ledger/README.md, rule 11); the first always has. */
function renderWithin<Item>(items: readonly Item[], render: (item: Item) => object) {
  const rendered: object[] = [];
  let room = MAX_EXPLANATION_CHARACTERS;
  for (const item of items) {
    const one = render(item);
    room -= JSON.stringify(one).length;
    if (room < 0 && rendered.length > 0) break;
    rendered.push(one);
  }
  return { rendered, left: items.slice(rendered.length) };
}

/** How many there are besides those that are shown; nothing where all are. */
function leftOut(name: string, count: number): object {
  return count > 0 ? { [name]: count } : {};
}
