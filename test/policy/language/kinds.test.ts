import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import { mayConcern } from "../../../src/policy/evaluation/evaluate.ts";
import { ANYBODY } from "../../../src/policy/evaluation/witnesses.ts";
import {
  countConditions,
  depthOf,
  holdsForStrangers,
  negatesAnyone,
  partsOf,
} from "../../../src/policy/language/condition-rules.ts";
import { type ConditionKind, kindOf, targetKindOf } from "../../../src/policy/language/kinds.ts";
import { mentionedGroups } from "../../../src/policy/language/mentioned-groups.ts";
import { parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import type { Condition, ConditionKinds, PolicyBody, TargetKinds } from "../../../src/policy/language/policy.ts";
import { policySchema } from "../../../src/policy/language/schema.ts";
import { describePolicy } from "../../../src/policy/speech/describe-policy.ts";
import { knownConditions } from "../arbitraries.ts";
import { minimal } from "../documents.ts";
import { SEED } from "../support.ts";

/** One of each kind; the compiler asks for a new one. */
const CONDITIONS: ConditionKinds = {
  anyone: { anyone: true },
  all: { all: [{ group: "g1" }, { group: "g2" }] },
  any: { any: [{ group: "g1" }, { group: "g2" }] },
  not: { not: { group: "g1" } },
  group: { group: "g1" },
  client: { client: "c1" },
  claim: { claim: "email", equals: "bob@example.com" },
};
const TARGETS: TargetKinds = { resources: { resources: ["r1"] }, type: { type: "photo" }, all: { all: true } };

const facts = { party: null, clientId: "c1", witnesses: ANYBODY, groups: new Map() };
const photo = { id: "r1", resourceServerId: "rs1", type: "photo", collections: [], scopes: ["view"] };
const isPolicy = new Ajv2020({ strictSchema: true, allowUnionTypes: true }).compile(policySchema("https://u.example"));

const deny = (who: unknown) => ({ ...minimal, effect: "deny", who });
const kindsOf = <Kinds extends object>(one: Kinds) => Object.entries(one) as [keyof Kinds, Kinds[keyof Kinds]][];
const whyOf = (condition: unknown) => evaluateCondition(condition as Condition, facts).reasons.map(({ why }) => why);
const sentenceOf = (document: unknown) => describePolicy(document as PolicyBody);

/** What newer code, or a hand in the database, may have left behind. */
const UNKNOWN: readonly unknown[] = [
  null,
  "group",
  5,
  [],
  [{ anyone: true }],
  {},
  { moon: "full" },
  { "": 1 },
  { anyone: false },
  { anyone: true, group: "g1" },
  { group: "g1", role: "admin" },
  { not: { group: "g1" }, all: [] },
  { claim: "email", equals: "bob@example.com", moon: "full" },
  { claim: "email", equals: "bob@example.com", "": 1 },
];

describe("a condition", () => {
  it.each(kindsOf(CONDITIONS))("of the kind %s is known to every role", (kind, condition) => {
    expect(kindOf(condition)).toBe(kind);
    expect(parsePolicy(deny(condition)).who).toEqual(condition);
    expect(isPolicy(deny(condition))).toBe(true);
    expect(whyOf(condition)).not.toContain("it is not a known condition");
    expect(sentenceOf(deny(condition))).not.toContain("not known here");
  });

  it("has answers to the questions about its text, whatever its kind", () => {
    const answers = kindsOf(CONDITIONS).map(([kind, condition]) => [
      kind,
      { parts: partsOf(condition).length, strangers: holdsForStrangers(condition), groups: mentionedGroups(condition) },
    ]);
    const one = { parts: 0, strangers: false, groups: [] };
    const expected: Record<ConditionKind, object> = {
      anyone: one,
      all: { parts: 2, strangers: false, groups: ["g1", "g2"] },
      any: { parts: 2, strangers: false, groups: ["g1", "g2"] },
      not: { parts: 1, strangers: true, groups: ["g1"] },
      group: { ...one, groups: ["g1"] },
      client: one,
      claim: one,
    };
    expect(Object.fromEntries(answers)).toEqual(expected);
    expect(negatesAnyone({ not: { any: [CONDITIONS.claim, { not: CONDITIONS.anyone }] } })).toBe(true);
    expect(kindsOf(CONDITIONS).filter(([, condition]) => negatesAnyone(condition))).toEqual([]);
  });

  it("that the parser takes is known in all its parts", () => {
    const isKnown = (condition: Condition): boolean => kindOf(condition) !== null && partsOf(condition).every(isKnown);
    fc.assert(
      fc.property(knownConditions, (condition) => {
        fc.pre(isTaken(deny(condition)));
        expect(isKnown(condition)).toBe(true);
        expect(isPolicy(deny(condition))).toBe(true);
        expect(sentenceOf(deny(condition))).not.toContain("not known here");
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each(UNKNOWN)("that is not known is an error, says nothing and stops nobody: %j", (unknown) => {
    const condition = unknown as Condition;
    expect(kindOf(condition)).toBeNull();
    expect(isTaken(deny(condition))).toBe(false);
    expect(evaluateCondition(condition, facts).truth).toBe("error");
    expect(whyOf(condition)).toEqual(["it is not a known condition"]);
    expect([partsOf(condition), mentionedGroups(condition)]).toEqual([[], []]);
    expect([depthOf(condition), countConditions(condition)]).toEqual([1, 1]);
    expect([holdsForStrangers(condition), negatesAnyone(condition)]).toEqual([false, false]);
    expect(sentenceOf(deny(condition))).toContain("anyone who meets a condition that is not known here");
    expect(sentenceOf(deny({ not: condition }))).toContain("who does not meet a condition that is not known here");
  });

  it("keeps the groups that stand beside what is not known", () => {
    const condition = { any: [{ moon: "full" }, { not: null }, { all: 5 }, { group: "g1" }] } as unknown as Condition;
    expect(mentionedGroups(condition)).toEqual(["g1"]);
  });
});

describe("a target", () => {
  it.each(kindsOf(TARGETS))("of the kind %s is known to every role", (kind, target) => {
    const document = { ...minimal, target };
    expect(targetKindOf(target)).toBe(kind);
    expect(parsePolicy(document).target).toEqual(target);
    expect(isPolicy(document)).toBe(true);
    expect(mayConcern(document, photo)).toBe(true);
    expect(mayConcern(document, { ...photo, id: "r2", type: null })).toBe(kind === "all");
    expect(sentenceOf(document)).not.toContain("not known here");
  });

  it.each([null, "all", [], {}, { moon: 1 }, { all: true, type: "photo" }])(
    "that is not known concerns all: %j",
    (target) => {
      const document = { ...minimal, target } as unknown as PolicyBody;
      expect(isTaken(document)).toBe(false);
      expect(mayConcern(document, photo)).toBe(true);
      expect(sentenceOf(document)).toBe("Permits everything on what is not known here to anyone.");
    },
  );
});

function isTaken(document: unknown): boolean {
  try {
    parsePolicy(document);
    return true;
  } catch {
    return false;
  }
}
