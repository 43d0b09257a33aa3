import { CLAIM_TEST_MEMBERS } from "./claim-operators.ts";
import { findUnknownMember, membersOf } from "./members.ts";
import type { Condition, ConditionKinds, TargetBody, TargetKinds } from "./policy.ts";

/**
 * Conditions and targets come in kinds, and much is asked of each: what it means, which sentence it is, how it is
 * published. Whoever answers such a question does so in a `ByKind` table, so that a new kind does not compile until
 * every question has its answer.
 */
type ByKind<Kinds, Rest extends readonly unknown[], Answer> = {
  readonly [Kind in keyof Kinds]: (one: Kinds[Kind], ...rest: Rest) => Answer;
};

export type ConditionKind = keyof ConditionKinds;

/** All but the claim test, beside whose `claim` other members stand. */
const LONE_KINDS = membersOf<Omit<ConditionKinds, "claim">>({
  anyone: true,
  all: true,
  any: true,
  not: true,
  group: true,
  client: true,
});

const TARGET_KINDS = membersOf<TargetKinds>({ resources: true, type: true, all: true });

/**
 * A condition is one operator alone, or a claim test: a second member could be a condition that is not known here.
 * @returns null for what is not known. Kept policies may be newer than this code (ledger/README.md, rule 10).
 */
export function kindOf(condition: Condition): ConditionKind | null {
  if (typeof condition !== "object" || condition === null) return null;
  if ("claim" in condition) return findUnknownMember(condition, CLAIM_TEST_MEMBERS) === undefined ? "claim" : null;
  if ("anyone" in condition && condition.anyone !== true) return null;
  return findLoneMember(condition, LONE_KINDS);
}

/** @returns null for a target that is not known. */
export function targetKindOf(target: TargetBody): keyof TargetKinds | null {
  return typeof target === "object" && target !== null ? findLoneMember(target, TARGET_KINDS) : null;
}

function findLoneMember<Kind>(part: object, kinds: readonly Kind[]): Kind | null {
  const [member, ...others] = Object.keys(part);
  return others.length === 0 ? (kinds.find((kind) => kind === member) ?? null) : null;
}

/** @param unknown answers for a condition that is not known. */
export function askCondition<Rest extends readonly unknown[], Answer>(
  table: ByKind<ConditionKinds, Rest, Answer>,
  unknown: (...rest: Rest) => Answer,
): (condition: Condition, ...rest: Rest) => Answer {
  return (condition, ...rest) => {
    const kind = kindOf(condition);
    return kind === null ? unknown(...rest) : answerOf(table, kind)(condition, ...rest);
  };
}

/** @param unknown answers for a target that is not known. */
export function askTarget<Rest extends readonly unknown[], Answer>(
  table: ByKind<TargetKinds, Rest, Answer>,
  unknown: (...rest: Rest) => Answer,
): (target: TargetBody, ...rest: Rest) => Answer {
  return (target, ...rest) => {
    const kind = targetKindOf(target);
    return kind === null ? unknown(...rest) : answerOf(table, kind)(target, ...rest);
  };
}

/** The kind was read from the very object that is handed over, which the compiler cannot see. */
function answerOf<Kinds, Rest extends readonly unknown[], Answer>(
  table: ByKind<Kinds, Rest, Answer>,
  kind: keyof Kinds,
): (one: Kinds[keyof Kinds], ...rest: Rest) => Answer {
  return table[kind] as (one: Kinds[keyof Kinds], ...rest: Rest) => Answer;
}
