import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import type { Truth } from "../../../src/policy/evaluation/outcome.ts";
import { evaluateTerms, findSignInEnd } from "../../../src/policy/evaluation/terms.ts";
import type { Condition, Effect } from "../../../src/policy/language/policy.ts";
import type { PartyClaims } from "../../../src/protocol/claims.ts";
import { factsWith, group, NOW, party, policy } from "../support.ts";

const US = "https://as.example";
const CLINIC = "https://clinic.example";
const CHAMBER = "https://chamber.example";

/** An account whose person has proved to be somebody at two more places. */
const account: PartyClaims = party(
  { email: "ana@home.example", age: 40 },
  {
    issuer: US,
    subject: "a1",
    authenticatedAt: NOW - 500,
    linked: [
      party(
        { role: "doctor", email: "roth@clinic.example" },
        { issuer: CLINIC, subject: "c7", authenticatedAt: NOW - 50 },
      ),
      party({ role: "member", age: "old" }, { issuer: CHAMBER, subject: "m3", authenticatedAt: null }),
    ],
  },
);
const facts = factsWith({
  party: account,
  groups: new Map([
    ["clinicians", group("clinicians", [{ issuer: CLINIC, subject: "c7" }])],
    ["addressed", group("addressed", [{ email: "roth@clinic.example" }])],
    ["others", group("others", [{ issuer: CHAMBER, subject: "c7" }, { email: "m3@clinic.example" }])],
  ]),
});

function truthOf(condition: Condition, effect: Effect = "permit"): Truth {
  return evaluateCondition(condition, facts, effect).truth;
}

describe("a party that several issuers speak of", () => {
  it.each<[Truth, Condition]>([
    ["yes", { claim: "role", equals: "doctor", issuer: CLINIC }],
    ["no", { claim: "role", equals: "doctor", issuer: CHAMBER }],
    ["unknown", { claim: "role", equals: "doctor", issuer: US }],
    ["yes", { claim: "role", equals: "doctor", issuer: [US, CHAMBER, CLINIC] }],
    ["unknown", { claim: "email", exists: true, issuer: CHAMBER }],
    ["yes", { claim: "sub", equals: "a1", issuer: US }],
    ["no", { claim: "sub", equals: "a1", issuer: CLINIC }],
  ])("%s: a test that names issuers hears these alone: %j", (truth, condition) => {
    expect(truthOf(condition)).toBe(truth);
  });

  it.each<[Truth, Condition]>([
    ["yes", { claim: "role", equals: "doctor" }],
    ["yes", { claim: "role", equals: "member" }],
    ["no", { claim: "role", equals: "nurse" }],
    ["yes", { claim: "email", domain: "clinic.example" }],
    ["yes", { claim: "email", domain: "home.example" }],
    ["unknown", { claim: "shoe", exists: true }],
    ["yes", { claim: "age", at_least: 18 }],
    // One of them says something that cannot be compared, and so it may be anything.
    ["error", { claim: "age", at_least: 41 }],
  ])("%s: one that names none hears them all: %j", (truth, condition) => {
    expect(truthOf(condition)).toBe(truth);
  });

  it.each<[Truth, Condition]>([
    ["no", { not: { claim: "role", equals: "doctor" } }],
    ["no", { not: { claim: "role", equals: "member" } }],
    ["error", { not: { claim: "age", at_least: 41 } }],
  ])("%s: what one of them says is not passed over under a not: %j", (truth, condition) => {
    expect(truthOf(condition)).toBe(truth);
  });

  it("is denied for what any of them says", () => {
    for (const role of ["doctor", "member"]) expect(truthOf({ claim: "role", equals: role }, "deny")).toBe("yes");
  });

  it("is a member under each of its names and addresses, and under no mixture of them", () => {
    expect(truthOf({ group: "clinicians" })).toBe("yes");
    expect(truthOf({ group: "addressed" })).toBe("yes");
    expect(truthOf({ group: "others" })).toBe("no");
  });

  it("signed in when it last did so anywhere", () => {
    const terms = { signed_in_within: 100 };
    expect(evaluateTerms(policy({ terms }), terms, facts).truth).toBe("yes");
    expect(findSignInEnd(terms, facts)).toBe(NOW - 50 + 101);
    const older = { ...facts, party: { ...account, linked: [] } };
    expect(evaluateTerms(policy({ terms }), terms, older).truth).toBe("unknown");
    expect(findSignInEnd(terms, older)).toBeNull();
  });
});
