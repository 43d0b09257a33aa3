import type { Condition } from "./policy.ts";

/**
 * Every group that a condition names, so that a change of one of them can be told from a change that cannot matter. Of
 * a condition in a form that is not known (a newer version wrote it) it finds none: that one is an error in any case.
 */
export function mentionedGroups(condition: Condition): readonly string[] {
  if (typeof condition !== "object" || condition === null) return [];
  if ("group" in condition) return [condition.group];
  if ("not" in condition) return mentionedGroups(condition.not);
  if ("all" in condition) return condition.all.flatMap(mentionedGroups);
  if ("any" in condition) return condition.any.flatMap(mentionedGroups);
  return [];
}
