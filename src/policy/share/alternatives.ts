import { MAX_ONE_OF_VALUES } from "../../shared/limits.ts";
import { kindOf } from "../language/kinds.ts";
import type { ClaimTest, Condition, ConditionKinds } from "../language/policy.ts";

/**
 * The conditions each of which alone would do, such as one for each address that is named. Joined again
 * (`joinAlternatives`) they mean the same, so whoever is left out of them loses what they had, and nobody else does.
 */
export function alternativesOf(who: Condition): readonly Condition[] {
  switch (kindOf(who)) {
    case "any":
      return (who as ConditionKinds["any"]).any.flatMap(alternativesOf);
    case "client":
      return [...new Set([(who as ConditionKinds["client"]).client].flat())].map((client) => ({ client }));
    case "claim": {
      const { one_of, ...test } = who as ClaimTest;
      return one_of === undefined ? [who] : [...new Set(one_of)].map((equals) => ({ ...test, equals }));
    }
    default:
      return [who];
  }
}

/** @returns null when nobody is left. */
export function joinAlternatives(alternatives: readonly Condition[]): Condition | null {
  const conditions = [...Map.groupBy(alternatives, likenessOf).values()].flatMap(joinAlike);
  const [first = null] = conditions;
  return conditions.length > 1 ? { any: conditions } : first;
}

/** What those have in common that can be one condition; those of "" have nothing. */
function likenessOf(condition: Condition): string {
  if (kindOf(condition) === "client") return "client";
  if (kindOf(condition) !== "claim") return "";
  const { equals, ...test } = condition as ClaimTest;
  return equals === undefined ? "" : JSON.stringify(test);
}

function joinAlike(alike: readonly Condition[]): readonly Condition[] {
  const [first] = alike;
  if (first === undefined || alike.length === 1) return alike;
  switch (likenessOf(first)) {
    case "":
      return alike;
    case "client":
      return [{ client: alike.flatMap((one) => (one as ConditionKinds["client"]).client) }];
    default:
      return joinTests(alike as readonly ClaimTest[]);
  }
}

/** Tests for one value each that differ in nothing else: one test for as many of them as it can hold. */
function joinTests(alike: readonly ClaimTest[]): readonly Condition[] {
  const values = alike.flatMap(({ equals }) => equals ?? []);
  const lists = Math.ceil(values.length / MAX_ONE_OF_VALUES);
  return Array.from({ length: lists }, (_, list) => {
    const { equals: _equals, ...test } = alike[0] as ClaimTest;
    return { ...test, one_of: values.slice(list * MAX_ONE_OF_VALUES, (list + 1) * MAX_ONE_OF_VALUES) };
  });
}
