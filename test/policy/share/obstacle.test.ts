import { expect, it } from "vitest";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import type { ReviewFacts } from "../../../src/policy/review/facts.ts";
import { findObstacle, type ShareObstacle } from "../../../src/policy/share/obstacle.ts";
import { NOW, policy } from "../support.ts";

const FACTS: ReviewFacts = {
  resources: new Set(["r1"]),
  areAllResources: true,
  scopes: new Set(["view"]),
  groups: new Map([
    ["g", 2],
    ["empty", 0],
  ]),
  clients: new Map(),
  issuers: [{ issuer: "https://us.example", claims: ["email"], emailDomains: ["example.com"] }],
  areAllIssuers: true,
};

it.each<[ShareObstacle | null, string, Partial<PolicyBody>]>([
  [null, "somebody can be let in", { who: { claim: "email", equals: "lee@example.com" } }],
  ["over", "its time is over", { when: { expires: "2027-03-03T12:00:00Z" } }],
  ["empty_group", "nobody is in the group", { who: { group: "empty" } }],
  ["lost_group", "there is no such group", { who: { group: "lost" } }],
  ["unprovable", "nobody may speak for the address", { who: { claim: "email", equals: "lee@elsewhere.example" } }],
  [null, "a group has members", { who: { group: "g" } }],
])("%s where %s", (obstacle, _, document) => {
  expect(findObstacle(policy(document).document, FACTS, NOW)).toBe(obstacle);
});

it("tells of a kind that nothing has", () => {
  const nothing = { ...FACTS, resources: new Set<string>() };
  expect(findObstacle(policy({ target: { type: "photo" } }).document, nothing, NOW)).toBe("no_things");
  expect(findObstacle(policy().document, nothing, NOW)).toBeNull();
});
