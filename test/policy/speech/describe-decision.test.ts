import { describe, expect, it } from "vitest";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import type { EvaluationFacts } from "../../../src/policy/evaluation/evaluate.ts";
import type { Policy } from "../../../src/policy/language/policy.ts";
import { describeDecision } from "../../../src/policy/speech/describe-decision.ts";
import { factsWith, policy, resource } from "../support.ts";

const named = (id: string, document: Parameters<typeof policy>[0] = {}): Policy => ({ ...policy(document), id });
const isBob = { claim: "email", equals: "bob@example.com" } as const;
const isEve = { claim: "email", equals: "eve@example.com" } as const;
const anonymous = { party: null };

function said(policies: readonly Policy[], facts: Partial<EvaluationFacts> = {}): string {
  return describeDecision(decide(policies, resource, "view", factsWith(facts)), (id) => `«${id}»`);
}

describe("a decision read aloud", () => {
  it.each<[string, readonly Policy[], Partial<EvaluationFacts>]>([
    ["Permitted by «a».", [named("a"), named("b", { who: isEve })], {}],
    ["Permitted by «a», «b» and «c».", [named("a"), named("b"), named("c")], {}],
    ["Denied by «d».", [named("a"), named("d", { effect: "deny", who: isBob })], {}],
    [
      "Denied by «d» and «e».",
      [
        named("a"),
        named("d", { effect: "deny" }),
        named("x", { effect: "deny", who: isEve }),
        named("e", { effect: "deny" }),
      ],
      {},
    ],
    ["No policy is about this, so the answer is no.", [named("a", { scopes: ["print"] })], {}],
    ["None of the policies that are about this permits it, so the answer is no.", [named("a", { who: isEve })], {}],
    [
      "The owner would be asked, as «a» says.",
      [
        named("a", { terms: { approval: true } }),
        named("b", { who: isEve }),
        named("d", { effect: "deny", who: isEve }),
      ],
      {},
    ],
    ["It depends on what is not known yet: the claim email.", [named("a", { who: isBob })], anonymous],
    [
      "It depends on what is not known yet: the claim age from https://i1.example or https://i2.example.",
      [named("a", { who: { claim: "age", at_least: 18, issuer: ["https://i1.example", "https://i2.example"] } })],
      anonymous,
    ],
    [
      "It depends on what is not known yet: a sign-in within the last 15 minutes and whether the agreement is accepted.",
      [named("a", { terms: { signed_in_within: 900, agreement: { title: "Rules", text: "Be kind." } } })],
      anonymous,
    ],
  ])("%s", (sentence, policies, facts) => {
    expect(said(policies, facts)).toBe(sentence);
  });
});
