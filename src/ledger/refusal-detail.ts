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

/** Why a request was denied, for the owner's eyes: which policy said what about which scope. */
export function refusalDetail(decisions: readonly ScopeDecision[]): { refused: readonly LoggedReason[] } {
  const refused = decisions.flatMap(({ resourceId, scope, decision }) => {
    if (decision.outcome === "permit") return [];
    const considered = decision.considered.map(({ policyId, outcome, reasons }) => ({ policyId, outcome, reasons }));
    const none = { policyId: null, outcome: "no" as const, reasons: [] };
    return (considered.length > 0 ? considered : [none]).map((one) => ({ resourceId, scope, ...one }));
  });
  return { refused: refused.slice(0, REASONS_LOGGED) };
}
