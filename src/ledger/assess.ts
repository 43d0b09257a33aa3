import { decide, type EvaluationFacts } from "../policy/evaluation/evaluate.ts";
import { boundNeeds, distinctNeeds, isPushable } from "../policy/evaluation/needs.ts";
import type { Decision, Need } from "../policy/evaluation/outcome.ts";
import type { Policy } from "../policy/language/policy.ts";
import type { RequestedScopes } from "../protocol/assessment.ts";
import { type HeldPermission, holdScope } from "./held-permission.ts";

/** What was decided about one scope of one resource. */
export interface ScopeDecision {
  readonly resourceId: string;
  readonly scope: string | null;
  readonly decision: Decision;
}

export type Assessment =
  | {
      readonly outcome: "granted";
      readonly permissions: readonly HeldPermission[];
      /** Policies with a limited number of uses that this grant uses up one of. */
      readonly countedPolicies: readonly string[];
    }
  | { readonly outcome: "need_info"; readonly needs: readonly Need[] }
  | { readonly outcome: "submitted" }
  | { readonly outcome: "denied"; readonly decisions: readonly ScopeDecision[] };

/** What may come of an assessment. */
export interface AssessmentRules {
  /** Whether less than all may be granted. */
  readonly partialGrants: boolean;
  /** Whether the client can answer when claims are asked for. */
  readonly mayPushClaims: boolean;
}

/**
 * The authorization assessment (Grant §3.3.4): decides every scope of every resource by itself, then answers for the
 * whole. As long as more claims could help, they are asked for; then the owner; what remains is granted in full, in
 * part where that is allowed, or denied. Nothing granted at all is never a success (Grant §5.6).
 */
export function assess(
  requested: readonly RequestedScopes[],
  policies: readonly Policy[],
  facts: EvaluationFacts,
  { partialGrants, mayPushClaims }: AssessmentRules,
): Assessment {
  const decisions = requested
    .flatMap((set) => decideSet(set, policies, facts))
    .map((one) => ({ ...one, decision: closeHopeless(one.decision, mayPushClaims) }));
  const outcomes = new Set(decisions.map(({ decision }) => decision.outcome));
  const complete = !outcomes.has("deny");
  // Where one no refuses the whole, neither more claims nor the owner's word would help.
  if (!complete && !partialGrants) return { outcome: "denied", decisions };
  if (outcomes.has("unknown")) return { outcome: "need_info", needs: needsOf(decisions) };
  if (outcomes.has("submitted")) return { outcome: "submitted" };
  if (!outcomes.has("permit")) return { outcome: "denied", decisions };
  return grant(requested, decisions);
}

/** A permission without scopes is decided as such, so that nothing passes for lack of anything to refuse. */
function decideSet(
  { resource, scopes }: RequestedScopes,
  policies: readonly Policy[],
  facts: EvaluationFacts,
): readonly ScopeDecision[] {
  const asked = scopes.length > 0 ? scopes : [null];
  return asked.map((scope) => ({
    resourceId: resource.id,
    scope,
    decision: decide(policies, resource, scope, facts),
  }));
}

/** What is open only for want of what this client can never bring is a no, so that the rest can be granted. */
function closeHopeless(decision: Decision, mayPushClaims: boolean): Decision {
  if (decision.outcome !== "unknown" || (mayPushClaims && decision.needs.some(isPushable))) return decision;
  return { ...decision, outcome: "deny", needs: [] };
}

function needsOf(decisions: readonly ScopeDecision[]): readonly Need[] {
  const needs = decisions.flatMap(({ decision }) => (decision.outcome === "unknown" ? decision.needs : []));
  return boundNeeds(distinctNeeds(needs));
}

function grant(requested: readonly RequestedScopes[], decisions: readonly ScopeDecision[]): Assessment {
  const permitted = decisions.filter(({ decision }) => decision.outcome === "permit");
  const grounds = permitted.flatMap(({ decision }) => decision.grounds);
  const permissions = requested.flatMap(({ resource }) => {
    const scopes = permitted
      .filter(({ resourceId }) => resourceId === resource.id)
      .map(({ scope, decision }) => holdScope(scope, decision));
    return scopes.length > 0 ? [{ resourceId: resource.id, type: resource.type, scopes }] : [];
  });
  return {
    outcome: "granted",
    permissions,
    countedPolicies: [...new Set(grounds.filter(({ counted }) => counted).map(({ policyId }) => policyId))],
  };
}
