import { isEqual } from "../../shared/equal.ts";
import { issuersOf } from "../language/claim-operators.ts";
import { askCondition, askTarget } from "../language/kinds.ts";
import { parseDateTime } from "../language/local-time.ts";
import { type NamedPerson, namedByTest, peopleOfGroup } from "../language/named-people.ts";
import type { Condition, Group, Policy, PolicyBody, TargetBody, WhenBody } from "../language/policy.ts";

/** What a policy would change for people, beside the policies that there are. */
export interface PolicyEffect {
  /** A policy that says all of this already, so that this one changes nothing; null: none does so alone. */
  readonly alreadySaidBy: string | null;
  /**
   * How many people it reaches (a permit lets them in, a deny keeps them out) whom nothing else reaches for all of it;
   * null: it does not name them, so nobody can count them.
   */
  readonly more: number | null;
  /** How many the version before reached whom nothing reaches for all of that any more; null: nobody can count them. */
  readonly fewer: number | null;
}

/** What the effect of a policy depends on. */
export interface EffectFacts {
  /** The document in whose place it comes; null: none. */
  readonly before: PolicyBody | null;
  /** Every other policy that may say as much. */
  readonly others: readonly Policy[];
  /** The groups that any of them names. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The types of the resources that the policy names, as far as these are known. */
  readonly types: ReadonlyMap<string, string | null>;
}

/**
 * What would follow from a policy, told from the documents alone: another counts as saying the same only where that is
 * sure, so an effect may be told larger than it is, and never smaller.
 */
export function assessEffect(document: PolicyBody, facts: EffectFacts): PolicyEffect {
  const { before, others, types } = facts;
  const same = others.find(
    (other) => saysAsMuch(other.document, document, types) && reachesAll(other.document, document),
  );
  const kept = before === null ? [] : [before];
  return {
    alreadySaidBy: same?.id ?? null,
    more: countBeyond(document, [...kept, ...others.map((other) => other.document)], facts),
    fewer: before === null ? 0 : countBeyond(before, [document, ...others.map((other) => other.document)], facts),
  };
}

function reachesAll({ who }: PolicyBody, document: PolicyBody): boolean {
  return "anyone" in who || isEqual(who, document.who);
}

/** How many people a document reaches for whom no other says all that it says. */
function countBeyond(
  document: PolicyBody,
  others: readonly PolicyBody[],
  { groups, types }: EffectFacts,
): number | null {
  const rivals = others.filter((other) => saysAsMuch(other, document, types));
  if (rivals.some((rival) => reachesAll(rival, document))) return 0;
  const people = perhapsReached(document.who, groups);
  if (people === null) return null;
  const reached = union(rivals.map(({ who }) => surelyReached(who, groups)));
  return [...people].filter((one) => !reached.has(one)).length;
}

/** Whether one document surely says of everybody whom it reaches all that the other says of them. */
function saysAsMuch(one: PolicyBody, other: PolicyBody, types: EffectFacts["types"]): boolean {
  return (
    one.effect === other.effect &&
    targetCovers(one.target, other.target, types) &&
    (one.scopes === "all" || (other.scopes !== "all" && isSubset(other.scopes, one.scopes))) &&
    holdsAsLong(one.when, other.when) &&
    (one.where === undefined || isEqual(one.where, other.where)) &&
    (one.terms === undefined || isEqual(one.terms, other.terms))
  );
}

const targetCovers = askTarget<[target: TargetBody, types: EffectFacts["types"]], boolean>(
  {
    resources: ({ resources }, target) => "resources" in target && isSubset(target.resources, resources),
    type: ({ type }, target, types) =>
      "type" in target
        ? target.type === type
        : "resources" in target && target.resources.every((id) => types.get(id) === type),
    all: () => true,
  },
  () => false,
);

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

function holdsAsLong(one: WhenBody | undefined, other: WhenBody | undefined): boolean {
  if (one === undefined || isEqual(one, other)) return true;
  const { expires, ...rest } = one;
  if (expires === undefined || other?.expires === undefined) return false;
  const { expires: end, ...others } = other;
  return isEqual(rest, others) && parseDateTime(end) <= parseDateTime(expires);
}

/** People as documents name them, by address or by issuer and subject. Somebody who is named in both ways counts twice. */
type People = ReadonlySet<NamedPerson>;

const NOBODY: People = new Set();

/** Everybody who can meet a condition; null where it does not name them. */
const perhapsReached: (condition: Condition, groups: EffectFacts["groups"]) => People | null = askCondition<
  [groups: EffectFacts["groups"]],
  People | null
>(
  {
    anyone: () => null,
    all: ({ all }, groups) => {
      const named = all.map((part) => perhapsReached(part, groups)).filter((people) => people !== null);
      return named.length === 0 ? null : intersection(named);
    },
    any: ({ any }, groups) => {
      const parts = any.map((part) => perhapsReached(part, groups));
      const named = parts.filter((people) => people !== null);
      return named.length < parts.length ? null : union(named);
    },
    not: () => null,
    group: ({ group }, groups) => membersOf(groups.get(group)),
    client: () => null,
    claim: (test) => setOf(namedByTest(test)),
  },
  () => null,
);

/** Those of whom it is sure that they meet a condition once they have shown who they are. */
const surelyReached: (condition: Condition, groups: EffectFacts["groups"]) => People = askCondition<
  [groups: EffectFacts["groups"]],
  People
>(
  {
    anyone: () => NOBODY,
    all: ({ all }, groups) => intersection(all.map((part) => surelyReached(part, groups))),
    any: ({ any }, groups) => union(any.map((part) => surelyReached(part, groups))),
    not: () => NOBODY,
    group: ({ group }, groups) => membersOf(groups.get(group)),
    client: () => NOBODY,
    claim: (test) =>
      test.claim === "email" && issuersOf(test) !== null ? NOBODY : (setOf(namedByTest(test)) ?? NOBODY),
  },
  () => NOBODY,
);

function membersOf(group: Group | undefined): People {
  return new Set(group === undefined ? [] : peopleOfGroup(group.document));
}

function setOf(named: readonly NamedPerson[] | null): People | null {
  return named === null ? null : new Set(named);
}

function union(sets: readonly People[]): People {
  return new Set(sets.flatMap((one) => [...one]));
}

function intersection([first = NOBODY, ...others]: readonly People[]): People {
  return new Set([...first].filter((one) => others.every((other) => other.has(one))));
}
