import type { Warning } from "../../shared/warning.ts";
import { ORDERS } from "../evaluation/finding.ts";
import type { Truth } from "../evaluation/outcome.ts";
import type { Effect } from "../language/policy.ts";

/** The truths that evaluation can come to, whoever asks: perhaps too many, never too few. */
export type Possible = ReadonlySet<Truth>;

/** What a condition can come to, and what its author should look at again. */
export interface Reviewed {
  readonly possible: Possible;
  readonly warnings: readonly Warning[];
}

export const ANY_TRUTH: Possible = new Set<Truth>(["yes", "no", "unknown", "error"]);

export function only(...truths: readonly Truth[]): Possible {
  return new Set(truths);
}

export function without(truth: Truth, possible: Possible): Possible {
  return new Set([...possible].filter((one) => one !== truth));
}

/** What can come of conditions that are joined: of one truth of each, the one that evaluation goes by. */
export function join(parts: readonly Possible[], effect: Effect, by: "all" | "any"): Possible {
  return parts.reduce((one, other) => {
    const pairs = Array.from(one).flatMap((truth) => Array.from(other, (second) => [truth, second]));
    return new Set(pairs.flatMap((pair) => ORDERS[effect][by].find((truth) => pair.includes(truth)) ?? []));
  });
}

export function negate(possible: Possible): Possible {
  return new Set(Array.from(possible, (truth) => (truth === "yes" ? "no" : truth === "no" ? "yes" : truth)));
}
