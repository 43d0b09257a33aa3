import { describe, expect, it } from "vitest";
import type { Need } from "../../../src/policy/evaluation/outcome.ts";
import { requiredClaims } from "../../../src/policy/evaluation/required-claims.ts";

const ID_TOKEN = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";
const claim = (name: string, issuers: readonly string[] | null = null): Need => ({
  kind: "claim",
  claim: name,
  issuers,
});

describe("the required claims of a need_info answer", () => {
  it("name the claim, the format it travels in, and whose word counts", () => {
    expect(requiredClaims([claim("role", ["https://i1.example", "https://i2.example"])])).toEqual([
      {
        name: "role",
        claim_type: "role",
        claim_token_format: [ID_TOKEN],
        issuer: ["https://i1.example", "https://i2.example"],
      },
    ]);
  });

  it("leave out the issuer where any trusted one will do", () => {
    expect(requiredClaims([claim("role")])).toStrictEqual([
      { name: "role", claim_type: "role", claim_token_format: [ID_TOKEN] },
    ]);
  });

  it("say how an e-mail address is meant as the example of Grant §3.3.6 does", () => {
    expect(requiredClaims([claim("email")])).toMatchObject([{ claim_type: "urn:oid:0.9.2342.19200300.100.1.3" }]);
  });

  it.each([
    ["sub", "an account"],
    ["email", "a verified e-mail address"],
    ["auth_time", "a recent sign-in"],
  ])("say in friendly words what %s is", (name, friendly) => {
    expect(requiredClaims([claim(name)])).toMatchObject([{ name, friendly_name: friendly }]);
  });

  it("ask for the time of the sign-in where a recent one is needed, and tell nobody how recent", () => {
    expect(requiredClaims([{ kind: "sign_in", within: 300, issuers: null }])).toEqual([
      {
        name: "auth_time",
        claim_type: "auth_time",
        friendly_name: "a recent sign-in",
        claim_token_format: [ID_TOKEN],
      },
    ]);
  });

  it("name nothing for an agreement, which no claim replaces", () => {
    expect(requiredClaims([{ kind: "agreement", policyId: "p1" }])).toEqual([]);
    expect(requiredClaims([])).toEqual([]);
  });

  it("name the same thing once, and the same claim of other issuers again", () => {
    const needs = [
      claim("role"),
      claim("role", ["https://i1.example"]),
      claim("role"),
      { kind: "sign_in", within: 1, issuers: null },
    ];
    const names = requiredClaims([...needs, { kind: "sign_in", within: 2, issuers: null }] as Need[]).map(
      ({ name, issuer }) => [name, issuer],
    );
    expect(names).toEqual([
      ["role", undefined],
      ["role", ["https://i1.example"]],
      ["auth_time", undefined],
    ]);
  });
});
