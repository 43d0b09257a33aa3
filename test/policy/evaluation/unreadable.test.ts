import { describe, expect, it } from "vitest";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import type { EvaluationFacts } from "../../../src/policy/evaluation/evaluate.ts";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { factsWith, newer, party, policy, resource } from "../support.ts";

/** What is decided where anyone may view, but for one deny. */
function decideUnder(deny: Partial<PolicyBody>, facts: Partial<EvaluationFacts>) {
  return decide([policy(), policy({ effect: "deny", ...deny })], resource, "view", factsWith(facts)).outcome;
}

const inDomain = { who: { claim: "email", domain: "evil.example" } } as const;
const fromNetwork = { where: { networks: ["198.51.100.0/24"] } } as const;
const seenAt = (address: string | null) => ({ whereabouts: { country: "DE", address } });
const withEmail = (email: string | readonly string[] | number) => ({ party: party({ email }) });

describe("a deny does not spare what it cannot read", () => {
  it.each<[string, Partial<PolicyBody>, Partial<EvaluationFacts>]>([
    ["an e-mail address without a domain", inDomain, withEmail("mallory")],
    ["an e-mail address that is none", inDomain, withEmail("mallory@")],
    ["a number for an e-mail address", inDomain, withEmail(5)],
    ["one of several e-mail addresses", inDomain, withEmail(["bob@example.com", "mallory"])],
    ["a network address that is none", fromNetwork, seenAt("nonsense")],
    ["no network address at all", fromNetwork, seenAt(null)],
    ["a network that is none", { where: { networks: ["nonsense"] } }, seenAt("192.0.2.7")],
    ["one of several networks", { where: { networks: ["203.0.113.0/24", "nonsense"] } }, seenAt("192.0.2.7")],
    ["a domain that is no text", { who: newer({ claim: "email", domain: 5 }) }, withEmail("bob@example.com")],
  ])("%s", (_, deny, facts) => {
    expect(decideUnder(deny, facts)).toBe("deny");
  });

  it.each<[string, Partial<PolicyBody>, Partial<EvaluationFacts>]>([
    ["an address of another domain", inDomain, withEmail("bob@example.com")],
    ["a caller in another network", fromNetwork, seenAt("192.0.2.7")],
  ])("and spares what it reads: %s", (_, deny, facts) => {
    expect(decideUnder(deny, facts)).toBe("permit");
  });
});

describe("a permit does not let in what it cannot read", () => {
  it.each<[string, Partial<PolicyBody>, Partial<EvaluationFacts>]>([
    ["an e-mail address", inDomain, withEmail("mallory")],
    ["the opposite of one", { who: { not: inDomain.who } }, withEmail("mallory")],
    ["a network address", fromNetwork, seenAt("nonsense")],
  ])("%s", (_, document, facts) => {
    expect(decide([policy(document)], resource, "view", factsWith(facts)).outcome).toBe("deny");
  });
});
