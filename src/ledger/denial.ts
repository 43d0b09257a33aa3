import type { Denial, RefusedScope } from "../events/event.ts";
import type { Assessment, ScopeDecision } from "./assess.ts";

/** A refusal says this much about itself in the log; the rest can be had by explaining it anew. */
const REASONS_LOGGED = 20;
const REASONS_PER_POLICY = 5;

/** Why a request was denied, for the owner's and the operator's eyes. */
export function denialOf({ cause, decisions }: Extract<Assessment, { readonly outcome: "denied" }>): Denial {
  const refused: RefusedScope[] = [];
  // Each says something, so no more of them are needed than are logged.
  for (const one of decisions.filter(({ decision }) => decision.outcome !== "permit").slice(0, REASONS_LOGGED)) {
    refused.push(...reasonsOf(one));
  }
  return { cause, refused: refused.slice(0, REASONS_LOGGED) };
}

function reasonsOf({ resourceId, scope, decision }: ScopeDecision): readonly RefusedScope[] {
  if (decision.considered.length === 0) return [{ resourceId, scope, policyId: null, outcome: "no", reasons: [] }];
  return decision.considered.slice(0, REASONS_LOGGED).map(({ policyId, outcome, reasons }) => {
    return { resourceId, scope, policyId, outcome, reasons: reasons.slice(0, REASONS_PER_POLICY) };
  });
}
