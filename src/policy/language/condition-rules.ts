import type { Condition } from "./policy.ts";

/** Questions about a condition as a text, whoever it is about. */

function partsOf(condition: Condition): readonly Condition[] {
  if ("all" in condition) return condition.all;
  if ("any" in condition) return condition.any;
  return "not" in condition ? [condition.not] : [];
}

/** How many conditions stand inside each other; 1 for one that stands alone. */
export function depthOf(condition: Condition): number {
  return 1 + Math.max(0, ...partsOf(condition).map(depthOf));
}

export function countConditions(condition: Condition): number {
  return partsOf(condition).reduce((count, part) => count + countConditions(part), 1);
}

/**
 * Whether a condition holds for somebody about whom nothing in particular is true. Such a condition lets in everybody
 * but a few; whoever wants that has to write `anyone`, which does not count as holding here.
 */
export function holdsForStrangers(condition: Condition): boolean {
  if ("all" in condition) return condition.all.every(holdsForStrangers);
  if ("any" in condition) return condition.any.some(holdsForStrangers);
  return "not" in condition && !holdsForStrangers(condition.not);
}

/** Whether it says "not anyone" somewhere: nobody. */
export function negatesAnyone(condition: Condition, negated = false): boolean {
  if ("anyone" in condition) return negated;
  return partsOf(condition).some((part) => negatesAnyone(part, negated || "not" in condition));
}
