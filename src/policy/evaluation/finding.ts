import type { Effect } from "../language/policy.ts";
import { distinctNeeds } from "./needs.ts";
import type { Need, Reason, Truth } from "./outcome.ts";

/** What evaluating a part of a policy found. */
export interface Finding {
  readonly truth: Truth;
  /** Why it is not a yes; empty for a yes. */
  readonly reasons: readonly Reason[];
  /** What would decide it; only for unknown. */
  readonly needs: readonly Need[];
  /** Groups that were looked at, by id. */
  readonly memberships: Readonly<Record<string, Truth>>;
}

export const YES: Finding = { truth: "yes", reasons: [], needs: [], memberships: {} };

/** A finding other than yes. `why` contains no value of a claim. */
export function because(truth: Reason["truth"], path: string, why: string, needs: readonly Need[] = []): Finding {
  return { truth, reasons: [{ path, truth, why }], needs, memberships: {} };
}

/**
 * Strongest first: one no settles an `all`, one yes settles an `any`. What cannot be evaluated counts in a permit as if
 * it were a no, in a deny as if it were a yes (ledger/README.md, rule 10), so it outweighs the unknown exactly where
 * that settles the matter; where it does not, the answer is still open.
 */
export const ORDERS: Readonly<Record<Effect, Readonly<Record<"all" | "any", readonly Truth[]>>>> = {
  permit: { all: ["no", "error", "unknown", "yes"], any: ["yes", "unknown", "error", "no"] },
  deny: { all: ["no", "unknown", "error", "yes"], any: ["yes", "error", "unknown", "no"] },
};

export function allOf(findings: readonly Finding[], effect: Effect): Finding {
  return combine(findings, ORDERS[effect].all);
}

export function anyOf(findings: readonly Finding[], effect: Effect): Finding {
  return combine(findings, ORDERS[effect].any);
}

/** INVARIANT: of no findings at all comes an error, never a yes (docs/design.md, decision 7). */
function combine(findings: readonly Finding[], order: readonly Truth[]): Finding {
  const truth = order.find((candidate) => findings.some((finding) => finding.truth === candidate)) ?? "error";
  const deciding = findings.filter((finding) => finding.truth === truth);
  return {
    truth,
    reasons: deciding.flatMap((finding) => finding.reasons),
    needs: distinctNeeds(deciding.flatMap((finding) => finding.needs)),
    memberships: Object.assign({}, ...findings.map((finding) => finding.memberships)),
  };
}

/** Yes and no change places; what is unknown or in error stays so. */
export function notOf(finding: Finding, path: string): Finding {
  if (finding.truth === "no") return { ...YES, memberships: finding.memberships };
  if (finding.truth !== "yes") return finding;
  return { ...because("no", path, "what must not hold does hold"), memberships: finding.memberships };
}
