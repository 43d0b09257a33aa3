import { describe, expect, it } from "vitest";
import { readPartyClaims } from "../../src/protocol/admissible-claims.ts";
import { CLOCK_SKEW_SECONDS } from "../../src/protocol/lifetimes.ts";
import { joinClaims } from "../../src/protocol/party.ts";
import { parseResourceDescription } from "../../src/protocol/resource.ts";
import { parseScope } from "../../src/protocol/scope.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";
import { NOW, party } from "../policy/support.ts";

const TRUSTED: TrustedIssuer = {
  id: "i1",
  issuer: "https://idp.example",
  jwks: null,
  jwksUri: null,
  audiences: [],
  claims: "all",
  emailDomains: "all",
  maxTokenAge: null,
  ...DEFAULT_ISSUER_DETAILS,
};
const words = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);

describe("as much as is allowed is taken, and one more is not", () => {
  it("in a scope parameter", () => {
    expect(parseScope(words(50).join(" "))).toHaveLength(50);
    expect(() => parseScope(words(51).join(" "))).toThrow("scope: must have at most 50 entries");
    expect(parseScope("x".repeat(256))).toEqual(["x".repeat(256)]);
    expect(() => parseScope("x".repeat(257))).toThrow("scope: each must have at most 256 characters");
  });

  it("in a text for people, in whatever language", () => {
    const named = (name: unknown) => ({ resource_scopes: [], "name#fr": name });
    expect(parseResourceDescription(named("x".repeat(512)))).toEqual(named("x".repeat(512)));
    for (const name of ["x".repeat(513), 5, { length: 1 }, ["x"]]) {
      expect(() => parseResourceDescription(named(name))).toThrow(
        expect.objectContaining({
          code: "invalid_request",
          message: expect.stringContaining("name#fr: must "),
        }),
      );
    }
  });
});

describe("an e-mail address", () => {
  it.each([5, true, ["bob@example.com"], null])("that is no text (%j) is left out", (email) => {
    const payload = { sub: "bob", iat: NOW, email, email_verified: true };
    expect(readPartyClaims(TRUSTED, payload, NOW).claims).not.toHaveProperty("email");
  });
});

describe("scopes of a resource", () => {
  it("are counted before what is named twice is kept once", () => {
    const scopes = (count: number) => ({ resource_scopes: Array.from({ length: count }, () => "view") });
    expect(parseResourceDescription(scopes(100))).toEqual({ resource_scopes: ["view"] });
    expect(() => parseResourceDescription(scopes(101))).toThrow("resource_scopes: must have at most 100 entries");
  });
});

describe("the sign-in of a party", () => {
  it("counts as far ahead as an issuer's clock may be, and no further", () => {
    const signedInAt = (auth_time: number) =>
      readPartyClaims(TRUSTED, { sub: "bob", iat: NOW, auth_time }, NOW).authenticatedAt;
    expect(signedInAt(NOW + CLOCK_SKEW_SECONDS)).toBe(NOW + CLOCK_SKEW_SECONDS);
    expect(signedInAt(NOW + CLOCK_SKEW_SECONDS + 1)).toBeNull();
  });

  it("is that of the freshest claims, or else the one that is known", () => {
    const old = party({ role: "nurse", age: 17 }, { issuedAt: 10, authenticatedAt: 5 });
    const fresh = party({ role: "doctor" }, { issuedAt: 20, authenticatedAt: 15 });
    expect(joinClaims(old, fresh)).toMatchObject({ authenticatedAt: 15, claims: { role: "doctor", age: 17 } });
    expect(joinClaims(fresh, old)).toMatchObject({ authenticatedAt: 15, claims: { role: "doctor", age: 17 } });
    expect(joinClaims(old, { ...fresh, authenticatedAt: null })).toMatchObject({ authenticatedAt: 5, issuedAt: 20 });
    expect(joinClaims({ ...old, authenticatedAt: null }, fresh)).toMatchObject({ authenticatedAt: 15 });
  });

  it("of claims issued at the same time, is that of the ones pushed last", () => {
    const kept = party({ role: "nurse" }, { issuedAt: 10 });
    expect(joinClaims(kept, party({ role: "doctor" }, { issuedAt: 10 }))?.claims).toEqual({ role: "doctor" });
  });
});
