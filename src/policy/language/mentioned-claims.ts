import { askCondition } from "./kinds.ts";
import type { Condition } from "./policy.ts";

/**
 * Every claim that a condition looks at; a group looks at its members' addresses. The subject is no claim here: it is
 * always known. Of a condition in a form that is not known it finds none, as `mentionedGroups` does.
 */
export const mentionedClaims: (condition: Condition) => readonly string[] = askCondition<[], readonly string[]>(
  {
    anyone: () => [],
    all: ({ all }) => claimsOfEach(all),
    any: ({ any }) => claimsOfEach(any),
    not: ({ not }) => mentionedClaims(not),
    group: () => ["email"],
    client: () => [],
    claim: ({ claim }) => [claim],
  },
  () => [],
);

/** A kept list need not be one: evaluation meets the same fault, and takes it for an error. */
function claimsOfEach(conditions: readonly Condition[]): readonly string[] {
  return Array.isArray(conditions) ? conditions.flatMap((condition) => mentionedClaims(condition)) : [];
}
