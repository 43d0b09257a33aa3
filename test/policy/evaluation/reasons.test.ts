import { describe, expect, it } from "vitest";
import { type EvaluationFacts, evaluatePolicy } from "../../../src/policy/evaluation/evaluate.ts";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { factsWith, group, NOW, newer, policy, resource } from "../support.ts";

function outcomeOf(document: Partial<PolicyBody>, facts: Partial<EvaluationFacts> = {}) {
  return evaluatePolicy(policy(document), resource, "view", factsWith(facts));
}

const nowhere = { whereabouts: { country: null, address: null } };
const groups = new Map([["friends", group("friends", [{ email: "eve@example.com" }])]]);
const hours = { hours: [{ from: "13:00", to: "14:00", time_zone: "UTC" }] };
const agreement = { title: "Rules", text: "Be kind." };

describe("why a policy came out as it did", () => {
  it.each<[path: string, truth: string, why: string, Partial<PolicyBody>, Partial<EvaluationFacts>]>([
    ["color", "error", "it is not known", newer({ color: "red" }), {}],
    ["target", "error", "what it is about cannot be read", { target: newer({}) }, {}],
    ["terms", "error", "a deny has no terms", { effect: "deny", terms: { approval: true } }, {}],
    ["who", "error", "it cannot be read", { who: newer({ all: 5 }) }, {}],
    ["who", "error", "it is not one known comparison", { who: newer({ claim: "age" }) }, {}],
    [
      "who",
      "unknown",
      "the claim email is needed from another issuer",
      { who: { claim: "email", issuer: "https://i2.example", exists: true } },
      {},
    ],
    ["who", "unknown", "the claim age is not known yet", { who: { claim: "age", exists: true } }, {}],
    ["who", "no", "the claim email does not pass", { who: { claim: "email", equals: "eve@example.com" } }, {}],
    ["who", "error", "the claim email cannot be compared in this way", { who: { claim: "email", at_least: 1 } }, {}],
    ["who", "no", "what must not hold does hold", { who: { not: { claim: "email", exists: true } } }, {}],
    ["who.not", "unknown", "the claim age is not known yet", { who: { not: { claim: "age", exists: true } } }, {}],
    ["who", "no", "it holds for other clients", { who: { client: "c2" } }, {}],
    ["who", "error", "there is no such group", { who: { group: "gone" } }, {}],
    ["who", "no", "the party is not a member of the group", { who: { group: "friends" } }, { groups }],
    [
      "who",
      "unknown",
      "it is not known yet whether the party is a member of the group",
      { who: { group: "friends" } },
      { groups, party: null },
    ],
    ["when", "error", "it cannot be read", { when: newer({ hours: 5 }) }, {}],
    ["when", "error", "moon is not known", { when: newer({ moon: "full" }) }, {}],
    ["when.not_before", "error", "it is not a date-time", { when: { not_before: "soon" } }, {}],
    ["when.not_before", "no", "its time has not come", { when: { not_before: "2028-01-01T00:00:00Z" } }, {}],
    ["when.expires", "error", "it is not a date-time", { when: { expires: "soon" } }, {}],
    ["when.expires", "no", "its time is over", { when: { expires: "2026-01-01T00:00:00Z" } }, {}],
    ["when.hours", "no", "it is outside the hours", { when: hours }, {}],
    ["where", "error", "it cannot be read", { where: newer({ networks: 5 }) }, {}],
    ["where", "error", "planet is not known", { where: newer({ planet: "mars" }) }, {}],
    ["where.countries", "error", "the country of the caller is not known", { where: { countries: ["DE"] } }, nowhere],
    ["where.countries", "no", "the caller is in another country", { where: { countries: ["FR"] } }, {}],
    [
      "where.networks",
      "error",
      "the network address of the caller is not known",
      { where: { networks: ["192.0.2.0/24"] } },
      nowhere,
    ],
    ["where.networks", "error", "an address or a network cannot be read", { where: { networks: ["nonsense"] } }, {}],
    ["where.networks", "no", "the caller is in another network", { where: { networks: ["198.51.100.0/24"] } }, {}],
    ["terms", "error", "mood is not known", { terms: newer({ mood: "good" }) }, {}],
    ["terms.signed_in_within", "unknown", "a more recent sign-in is needed", { terms: { signed_in_within: 30 } }, {}],
    ["terms.agreement", "unknown", "the party has not accepted the agreement", { terms: { agreement } }, {}],
    ["terms.uses", "no", "its uses are spent", { terms: { uses: 1 } }, { usesLeft: () => 0 }],
    [
      "terms.approval",
      "unknown",
      "the owner decides, and must know who asks",
      { terms: { approval: true } },
      { party: null },
    ],
  ])("%s is %s: %s", (path, truth, why, document, facts) => {
    expect(outcomeOf(document, facts).reasons).toContainEqual({ path, truth, why });
  });
});

describe("a deny that only its time keeps off", () => {
  const window = (from: string, to: string) => ({ from, to, time_zone: "UTC" });
  const startOf = (when: PolicyBody["when"] & object) => outcomeOf({ effect: "deny", when }).startsAt;

  it("begins with the first of its windows that opens", () => {
    const late = window("22:00", "23:00");
    const early = window("14:00", "15:00");
    expect(startOf({ hours: [late, early] })).toBe(NOW + 2 * 3_600);
    expect(startOf({ hours: [early, late] })).toBe(NOW + 2 * 3_600);
  });
});
