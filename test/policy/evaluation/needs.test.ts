import { describe, expect, it } from "vitest";
import { distinctNeeds } from "../../../src/policy/evaluation/needs.ts";
import type { Need } from "../../../src/policy/evaluation/outcome.ts";
import { requiredClaims } from "../../../src/policy/evaluation/required-claims.ts";

const email: Need = { kind: "claim", claim: "email", issuers: null };
const differing: readonly Need[] = [
  email,
  { kind: "claim", claim: "age", issuers: null },
  { kind: "claim", claim: "email", issuers: ["https://i1.example"] },
  { kind: "claim", claim: "email", issuers: ["https://i1.example", "https://i2.example"] },
  { kind: "sign_in", within: 60, issuers: null },
  { kind: "sign_in", within: 61, issuers: null },
  { kind: "agreement", policyId: "p1" },
  { kind: "agreement", policyId: "p2" },
];

it.each(["__proto__", "constructor", "toString"])("the claim %s has no friendly name", (claim) => {
  const [required] = requiredClaims([{ kind: "claim", claim, issuers: null }]);
  expect(required?.claim_type).toBe(claim);
  expect(Object.keys(required ?? {})).toEqual(["name", "claim_type", "claim_token_format"]);
});

describe("needs", () => {
  it("are one when they ask for the same, however they are written down", () => {
    const again: Need = { issuers: null, claim: "email", kind: "claim" };
    expect(distinctNeeds([email, ...differing.slice(1), again])).toHaveLength(differing.length);
  });

  it("are kept apart by all that they ask for, in the order in which they came up", () => {
    expect(distinctNeeds(differing)).toEqual(differing);
  });

  it("become one required claim where a client would bring the same", () => {
    const claims = requiredClaims([...differing, { kind: "claim", claim: "auth_time", issuers: null }]);
    expect(claims.map(({ name, issuer }) => [name, issuer])).toEqual([
      ["email", undefined],
      ["age", undefined],
      ["email", ["https://i1.example"]],
      ["email", ["https://i1.example", "https://i2.example"]],
      ["auth_time", undefined],
    ]);
  });
});
