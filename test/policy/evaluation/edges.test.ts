import { describe, expect, it } from "vitest";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import { type EvaluationFacts, evaluatePolicy } from "../../../src/policy/evaluation/evaluate.ts";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { factsWith, newer, party, policy, resource } from "../support.ts";

const outcomeOf = (document: Partial<PolicyBody>, facts: Partial<EvaluationFacts> = {}) =>
  evaluatePolicy(policy(document), resource, "view", factsWith(facts));
const window = (more: object = {}) => ({ from: "08:00", to: "18:00", time_zone: "UTC", ...more });

describe("a client", () => {
  it("is the one that is named, and not one whose name is part of it", () => {
    expect(outcomeOf({ who: { client: "c10" } }).outcome).toBe("no");
    expect(outcomeOf({ who: { client: ["c10"] } }).outcome).toBe("no");
    expect(outcomeOf({ who: { client: "c1" } }).outcome).toBe("yes");
  });
});

describe("a deny that newer code wrote denies", () => {
  it.each<[string, Partial<PolicyBody>]>([
    ["with a bound that is no number", { who: newer({ claim: "age", less_than: "eighteen" }) }],
    ["with scopes that are no list", { scopes: newer({ except: ["print"] }) }],
    ["with scopes as a number", { scopes: newer(Object(5)) }],
    [
      "with a member that is not known in a later window",
      newer({ when: { hours: [window(), window({ moon: "full" })] } }),
    ],
  ])("%s", (_, document) => {
    const policies = [policy(), policy({ effect: "deny", ...document })];
    expect(decide(policies, resource, "view", factsWith({ party: party({ age: 30 }) })).outcome).toBe("deny");
  });
});

describe("a permit with a member that is not known in a later window", () => {
  it("does not permit", () => {
    const when = newer<NonNullable<PolicyBody["when"]>>({ hours: [window(), window({ moon: "full" })] });
    expect(outcomeOf({ when }).outcome).toBe("no");
  });
});

describe("hours", () => {
  it("from a time to the same time are a whole day", () => {
    expect(outcomeOf({ when: { hours: [window({ to: "08:00" })] } }).outcome).toBe("yes");
  });

  it("on no day at all never begin", () => {
    const never = outcomeOf({ effect: "deny", when: { hours: [window({ days: [] })] } });
    expect(never).toMatchObject({ outcome: "no", startsAt: null });
  });
});
