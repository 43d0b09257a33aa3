import { askCondition } from "./kinds.ts";
import type { Condition } from "./policy.ts";

/**
 * Every group that a condition names, so that a change of one of them can be told from a change that cannot matter. Of
 * a condition in a form that is not known (a newer version wrote it) it finds none: that one is an error in any case.
 */
export const mentionedGroups: (condition: Condition) => readonly string[] = askCondition<[], readonly string[]>(
  {
    anyone: () => [],
    all: ({ all }) => groupsOfEach(all),
    any: ({ any }) => groupsOfEach(any),
    not: ({ not }) => mentionedGroups(not),
    group: ({ group }) => [group],
    client: () => [],
    claim: () => [],
  },
  () => [],
);

/** A kept list need not be one: evaluation meets the same fault, and takes it for an error. */
function groupsOfEach(conditions: readonly Condition[]): readonly string[] {
  return Array.isArray(conditions) ? conditions.flatMap((condition) => mentionedGroups(condition)) : [];
}
