import type { DenialCause } from "../events/event.ts";
import { Deliberation } from "../policy/evaluation/deliberation.ts";
import { type EvaluationFacts, reachedThrough } from "../policy/evaluation/evaluate.ts";
import { boundNeeds, distinctNeeds } from "../policy/evaluation/needs.ts";
import type { Decision, Need, PolicyOutcome } from "../policy/evaluation/outcome.ts";
import { openPolicies } from "../policy/evaluation/weigh.ts";
import type { Policy } from "../policy/language/policy.ts";
import { weightOfAll } from "../policy/language/weight.ts";
import type { RequestedScopes } from "../protocol/assessment.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import { MAX_DECISION_STEPS, MAX_REQUESTED_SCOPES } from "../shared/limits.ts";
import {
  fitsGrant,
  type HeldPermission,
  type HeldScope,
  holdResource,
  holdScope,
  reaching,
} from "./held-permission.ts";

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
      readonly decisions: readonly ScopeDecision[];
    }
  | { readonly outcome: "need_info"; readonly needs: readonly Need[]; readonly decisions: readonly ScopeDecision[] }
  /** Some of it only the owner can decide. */
  | { readonly outcome: "submitted"; readonly decisions: readonly ScopeDecision[] }
  | { readonly outcome: "denied"; readonly cause: DenialCause; readonly decisions: readonly ScopeDecision[] }
  /** It would take more steps than a decision may, or hold more than a grant may. */
  | { readonly outcome: "too_much"; readonly steps: number };

/** What may come of an assessment. */
export interface AssessmentRules {
  /** Whether less than all may be granted. */
  readonly partialGrants: boolean;
  /** What the owner has said about just this request; null: nothing that stands. */
  readonly findRefusal: (decisions: readonly ScopeDecision[]) => OwnersRefusal | null;
}

/** That an owner would not, or did not in time, allow all that was asked for. */
export interface OwnersRefusal {
  readonly cause: Extract<DenialCause, "owner_refused" | "owner_silent">;
  readonly covers: (decision: ScopeDecision) => boolean;
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
  { partialGrants, findRefusal }: AssessmentRules,
): Assessment {
  const steps = weightOfAll(policies.map(({ document }) => document));
  // INVARIANT: what is kept from before a bound was lowered is not run on with (ledger/README.md, rule 11).
  if (steps > MAX_DECISION_STEPS || countAsked(requested) > MAX_REQUESTED_SCOPES) return { outcome: "too_much", steps };
  const deliberation = new Deliberation(policies, facts);
  const asked = requested
    .flatMap((set) => decideSet(set, deliberation))
    .map((one) => ({ ...one, decision: closeHopeless(one.decision) }));
  const isLeft = asked.some(({ decision }) => decision.outcome === "submitted");
  const refusal = isLeft ? findRefusal(asked) : null;
  const decisions = refusal === null ? asked : asked.map((one) => closeRefused(one, refusal));
  const outcomes = new Set(decisions.map(({ decision }) => decision.outcome));
  const complete = !outcomes.has("deny");
  const cause = refusal !== null && decisions.some((one, index) => one !== asked[index]) ? refusal.cause : "policies";
  // Where one no refuses the whole, neither more claims nor the owner's word would help.
  if (!complete && !partialGrants) return { outcome: "denied", cause, decisions };
  if (outcomes.has("unknown")) return { outcome: "need_info", needs: needsOf(decisions), decisions };
  // Whoever has to be asked again is asked for all of it: what was said before has ended.
  if (outcomes.has("submitted")) return { outcome: "submitted", decisions: asked };
  if (!outcomes.has("permit")) return { outcome: "denied", cause, decisions };
  const granted = grant(requested, decisions, policies);
  return fitsGrant(granted.permissions) ? granted : { outcome: "too_much", steps };
}

function countAsked(requested: readonly RequestedScopes[]): number {
  return requested.reduce((count, { scopes }) => count + Math.max(1, scopes.length), 0);
}

/** A permission without scopes is decided as such, so that nothing passes for lack of anything to refuse. */
function decideSet({ resource, scopes }: RequestedScopes, deliberation: Deliberation): readonly ScopeDecision[] {
  const asked = scopes.length > 0 ? scopes : [null];
  return asked.map((scope) => ({
    resourceId: resource.id,
    scope,
    decision: deliberation.decide(resource, scope),
  }));
}

/** What is open only for want of what nobody can ever bring is a no, so that the rest can be granted. */
export function closeHopeless(decision: Decision): Decision {
  const { outcome, considered } = decision;
  if (outcome !== "unknown" || openPolicies(considered).some(({ needs }) => needs.length > 0)) return decision;
  return { outcome: "deny", needs: [], grounds: [], considered };
}

/** What the owner has refused is a no like any other. */
function closeRefused(one: ScopeDecision, refusal: OwnersRefusal): ScopeDecision {
  if (one.decision.outcome !== "submitted" || !refusal.covers(one)) return one;
  return { ...one, decision: { ...one.decision, outcome: "deny" } };
}

/** The resources of which something is permitted, or would be as soon as its texts were agreed to. */
export function listWithinReach(decisions: readonly ScopeDecision[]): readonly string[] {
  const near = decisions.filter(({ decision: { outcome, needs } }) => {
    return outcome === "permit" || (outcome === "unknown" && needs.every(({ kind }) => kind === "agreement"));
  });
  return [...new Set(near.map(({ resourceId }) => resourceId))];
}

/** The first needs of policies that are open. Each is asked once, in however many decisions it is open. */
function needsOf(decisions: readonly ScopeDecision[]): readonly Need[] {
  const open = new Set<PolicyOutcome>();
  for (const { decision } of decisions) {
    if (decision.outcome !== "unknown") continue;
    for (const policy of openPolicies(decision.considered)) if (!open.has(policy)) open.add(policy);
  }
  return boundNeeds(distinctNeeds([...open].flatMap(({ needs }) => needs)));
}

function grant(
  requested: readonly RequestedScopes[],
  decisions: readonly ScopeDecision[],
  policies: readonly Policy[],
): Extract<Assessment, { outcome: "granted" }> {
  const permitted = decisions.filter(({ decision }) => decision.outcome === "permit");
  const grounds = permitted.flatMap(({ decision }) => decision.grounds);
  const permissions = requested.flatMap(({ resource }) => {
    const reach = reachOver(resource, policies);
    const scopes = permitted
      .filter(({ resourceId }) => resourceId === resource.id)
      .map(({ scope, decision }) => reach(holdScope(scope, decision)));
    return scopes.length > 0 ? [{ ...holdResource(resource), scopes }] : [];
  });
  return {
    outcome: "granted",
    permissions,
    countedPolicies: [...new Set(grounds.filter(({ counted }) => counted).map(({ policyId }) => policyId))],
    decisions,
  };
}

/** Notes with each ground of a resource's scopes by which collections alone it reaches the resource. */
function reachOver(resource: ProtectedResource, policies: readonly Policy[]): (held: HeldScope) => HeldScope {
  if (resource.collections.length === 0) return (held) => held;
  const through = new Map(policies.map(({ id, document }) => [id, reachedThrough(document.target, resource)]));
  return (held) => ({
    ...held,
    grounds: held.grounds.map((ground) => reaching(ground, through.get(ground.policyId))),
  });
}
