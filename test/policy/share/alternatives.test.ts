import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import type { Condition } from "../../../src/policy/language/policy.ts";
import { alternativesOf, joinAlternatives } from "../../../src/policy/share/alternatives.ts";
import { MAX_ONE_OF_VALUES } from "../../../src/shared/limits.ts";
import { facts, knownConditions } from "../arbitraries.ts";

const email = (equals: string) => ({ claim: "email", equals }) as const;

describe("whom a condition lets in, one by one", () => {
  it("means the same when it is joined again", () => {
    fc.assert(
      fc.property(knownConditions, facts, (who, given) => {
        const joined = joinAlternatives(alternativesOf(who)) as Condition;
        expect(evaluateCondition(joined, given).truth).toBe(evaluateCondition(who, given).truth);
      }),
    );
  });

  it("tells apart addresses, apps, and what stands side by side", () => {
    const who: Condition = {
      any: [{ claim: "email", one_of: ["a@x.example", "b@x.example"] }, { client: ["c1", "c2"] }, { group: "g1" }],
    };
    const alternatives = [
      email("a@x.example"),
      email("b@x.example"),
      { client: "c1" },
      { client: "c2" },
      { group: "g1" },
    ];
    expect(alternativesOf(who)).toEqual(alternatives);
    expect(joinAlternatives(alternatives.toSpliced(1, 1))).toEqual({
      any: [email("a@x.example"), { client: ["c1", "c2"] }, { group: "g1" }],
    });
  });

  it("leaves nobody when the last is taken away", () => {
    expect(joinAlternatives(alternativesOf({ anyone: true }).toSpliced(0, 1))).toBeNull();
  });

  it("stays within what a document may hold", () => {
    const addresses = Array.from({ length: MAX_ONE_OF_VALUES + 1 }, (_, n) => email(`p${n}@x.example`));
    const { any } = joinAlternatives(addresses) as { readonly any: readonly { readonly one_of: readonly string[] }[] };
    expect(any.map(({ one_of }) => one_of.length)).toEqual([MAX_ONE_OF_VALUES, 1]);
  });

  it("does not take apart what only holds together", () => {
    const who: Condition = { all: [{ any: [email("a@x.example"), email("b@x.example")] }, { client: "c1" }] };
    expect(alternativesOf(who)).toEqual([who]);
  });
});
