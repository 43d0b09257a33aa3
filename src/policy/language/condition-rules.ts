import { askCondition } from "./kinds.ts";
import type { Condition } from "./policy.ts";

/** Questions about a condition as a text, whoever it is about. What is not known here has no parts and says nothing. */

/** The conditions that stand inside another. */
export const partsOf = askCondition<[], readonly Condition[]>(
  {
    anyone: () => [],
    all: ({ all }) => all,
    any: ({ any }) => any,
    not: ({ not }) => [not],
    group: () => [],
    client: () => [],
    claim: () => [],
  },
  () => [],
);

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
 *
 * @param publicClient a client without a secret, by whose name a stranger comes; null: by another's.
 */
export function holdsForStrangers(condition: Condition, publicClient: string | null = null): boolean {
  return holdsFor(condition, publicClient);
}

const holdsFor: (condition: Condition, client: string | null) => boolean = askCondition<
  [client: string | null],
  boolean
>(
  {
    anyone: () => false,
    all: ({ all }, client) => all.every((part) => holdsFor(part, client)),
    any: ({ any }, client) => any.some((part) => holdsFor(part, client)),
    not: ({ not }, client) => !holdsFor(not, client),
    group: () => false,
    client: ({ client: named }, client) => (typeof named === "string" ? [named] : named).some((id) => id === client),
    claim: () => false,
  },
  () => false,
);

/** Whether it says "not anyone" somewhere: nobody. */
export function negatesAnyone(condition: Condition): boolean {
  return saysNobody(condition, false);
}

const saysNobody: (condition: Condition, negated: boolean) => boolean = askCondition<[negated: boolean], boolean>(
  {
    anyone: (_, negated) => negated,
    all: ({ all }, negated) => all.some((part) => saysNobody(part, negated)),
    any: ({ any }, negated) => any.some((part) => saysNobody(part, negated)),
    not: ({ not }) => saysNobody(not, true),
    group: () => false,
    client: () => false,
    claim: () => false,
  },
  () => false,
);
