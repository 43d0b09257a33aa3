import type { Reason } from "../policy/evaluation/outcome.ts";
import type { ScopeDecision } from "./assess.ts";

/** For a refusal in the log: which policy said what about which scope. */
interface LoggedReason {
  readonly resourceId: string;
  readonly scope: string | null;
  /** Null: no policy is about it. */
  readonly policyId: string | null;
  readonly outcome: string;
  readonly reasons: readonly Reason[];
}

/** A refusal says this much about itself in the log; the rest can be had by explaining it anew. */
const REASONS_LOGGED = 20;
const REASONS_PER_POLICY = 5;

/** Why a request was denied, for the owner's eyes: which policy said what about which scope. */
export function refusalDetail(decisions: readonly ScopeDecision[]): { refused: readonly LoggedReason[] } {
  const refused: LoggedReason[] = [];
  // Each says something, so no more of them are needed than are logged.
  for (const one of decisions.filter(({ decision }) => decision.outcome !== "permit").slice(0, REASONS_LOGGED)) {
    refused.push(...reasonsOf(one));
  }
  return { refused: refused.slice(0, REASONS_LOGGED) };
}

function reasonsOf({ resourceId, scope, decision }: ScopeDecision): readonly LoggedReason[] {
  if (decision.considered.length === 0) return [{ resourceId, scope, policyId: null, outcome: "no", reasons: [] }];
  return decision.considered.slice(0, REASONS_LOGGED).map(({ policyId, outcome, reasons }) => {
    return { resourceId, scope, policyId, outcome, reasons: reasons.slice(0, REASONS_PER_POLICY) };
  });
}
