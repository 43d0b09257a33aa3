import { describe, expect, it } from "vitest";
import { admissibleClaims, readmitClaims, readPartyClaims } from "../../src/protocol/admissible-claims.ts";
import type { JwtPayload } from "../../src/protocol/jwt.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";

const NOW = 1_900_000_000;
const ISSUER: TrustedIssuer = {
  id: "issuer",
  issuer: "https://idp.example",
  jwks: null,
  jwksUri: null,
  audiences: [],
  claims: "all",
  emailDomains: "all",
  maxTokenAge: null,
  ...DEFAULT_ISSUER_DETAILS,
};

const admitted = (payload: JwtPayload, changes: Partial<TrustedIssuer> = {}) =>
  admissibleClaims({ ...ISSUER, ...changes }, { sub: "bob", ...payload });

describe("claims an issuer may speak for", () => {
  it("are those it is trusted with, and always the subject", () => {
    const payload = { department: "sales", role: "boss", groups: ["a"] };
    expect(admitted(payload, { claims: ["department"] })).toEqual({ sub: "bob", department: "sales" });
    expect(admitted(payload, { claims: [] })).toEqual({ sub: "bob" });
    expect(admitted(payload)).toEqual({ sub: "bob", ...payload });
  });

  it("are none about the token itself", () => {
    const protocol = {
      iss: "x",
      aud: "x",
      exp: 1,
      iat: 1,
      nbf: 1,
      jti: "x",
      nonce: "x",
      azp: "x",
      at_hash: "x",
      sid: "x",
    };
    expect(admitted({ ...protocol, auth_time: 1 })).toEqual({ sub: "bob" });
    expect(admitted(protocol, { claims: Object.keys(protocol) })).toEqual({ sub: "bob" });
  });

  it("cannot replace the subject or reach into objects", () => {
    const payload: JwtPayload = JSON.parse('{"sub":"bob","__proto__":"x","constructor":"y","toString":"z"}');
    const claims = admissibleClaims(ISSUER, payload);
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
    expect(Object.hasOwn(admitted({}, { claims: ["toString", "__proto__"] }), "toString")).toBe(false);
  });
});

describe("an e-mail address", () => {
  it.each<[string, JwtPayload, TrustedIssuer["emailDomains"], string | undefined]>([
    ["verified", { email: "bob@example.com", email_verified: true }, "all", "bob@example.com"],
    ["in capitals", { email: "Bob@EXAMPLE.com", email_verified: true }, ["Example.COM"], "bob@example.com"],
    ["not verified", { email: "bob@example.com", email_verified: false }, "all", undefined],
    ["not said to be verified", { email: "bob@example.com" }, "all", undefined],
    ["verified in words only", { email: "bob@example.com", email_verified: "true" }, "all", undefined],
    ["of another domain", { email: "bob@example.org", email_verified: true }, ["example.com"], undefined],
    ["of a subdomain", { email: "bob@mail.example.com", email_verified: true }, ["example.com"], undefined],
    ["of a longer domain", { email: "bob@notexample.com", email_verified: true }, ["example.com"], undefined],
    ["with two signs", { email: "bob@example.com@evil.test", email_verified: true }, ["example.com"], undefined],
    [
      "of a letter that folds to k",
      { email: "bob@\u212Aiosk.example", email_verified: true },
      ["kiosk.example"],
      undefined,
    ],
    [
      "in other spellings",
      { email: "Bob@BÜCHER.example.", email_verified: true },
      ["bücher.example"],
      "bob@xn--bcher-kva.example",
    ],
    ["of a domain in disguise", { email: "bob@ｅxample.com", email_verified: true }, "all", undefined],
    ["of a machine", { email: "bob@192.0.2.1", email_verified: true }, "all", undefined],
    ["without a name", { email: "@example.com", email_verified: true }, "all", undefined],
    ["without a domain", { email: "bob@", email_verified: true }, "all", undefined],
    ["a list", { email: ["bob@example.com"], email_verified: true }, "all", undefined],
    ["too long", { email: `${"b".repeat(512)}@example.com`, email_verified: true }, "all", undefined],
    ["of no domain", { email: "bob@example.com", email_verified: true }, [], undefined],
  ])("%s", (_case, payload, emailDomains, expected) => {
    expect(admitted(payload, { emailDomains }).email).toBe(expected);
  });

  it("needs the issuer to be trusted with e-mail at all", () => {
    const payload = { email: "bob@example.com", email_verified: true };
    expect(admitted(payload, { claims: ["email_verified"] })).toEqual({ sub: "bob", email_verified: true });
  });
});

describe("form and size", () => {
  it("leaves out what is no text, number or truth, nor a list of them", () => {
    const payload = {
      address: { city: "Rome" },
      nothing: null,
      huge: 2 ** 53,
      endless: Number.POSITIVE_INFINITY,
    };
    expect(admitted({ ...payload, age: 42, adult: true, tags: ["a", 1, false], none: [] })).toEqual({
      sub: "bob",
      age: 42,
      adult: true,
      tags: ["a", 1, false],
      none: [],
    });
  });

  it.each<[string, unknown]>([
    ["a list", ["a"]],
    ["an object", { b: 1 }],
    ["null", null],
    ["too long a text", "x".repeat(513)],
    ["a number that is not exact", 2 ** 53],
  ])("leaves %s out of a list, and keeps the rest of it", (_, odd) => {
    expect(admitted({ groups: ["a", odd, 5] })).toEqual({ sub: "bob", groups: ["a", 5] });
    expect(admitted({ groups: [odd] })).toEqual({ sub: "bob", groups: [] });
  });

  it("takes every list that fits into a token, such as the 200 groups of Entra ID", () => {
    const groups = Array.from(
      { length: 200 },
      (_, index) => `00000000-0000-0000-0000-${String(index).padStart(12, "0")}`,
    );
    expect(admitted({ groups, short: Array.from({ length: 1_000 }, () => "x") })).toMatchObject({ groups });
    expect(admitted({ groups: Array.from({ length: 1_001 }, () => "x") })).toEqual({ sub: "bob" });
  });

  it("takes names and values of the greatest length, and none above", () => {
    const fitting = { text: "x".repeat(512), ["n".repeat(256)]: 2 ** 53 - 1 };
    expect(admitted({ ...fitting, long: "x".repeat(513), ["n".repeat(257)]: "x" })).toEqual({ sub: "bob", ...fitting });
  });

  it("takes 200 claims at most, and the e-mail address among them", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_none, index) => [`claim${index}`, index]));
    const claims = admitted({ ...many, email: "bob@example.com", email_verified: true });
    expect(Object.keys(claims)).toHaveLength(200);
    expect(claims).toMatchObject({ sub: "bob", email: "bob@example.com", claim0: 0 });
  });
});

describe("the party of an ID Token", () => {
  const payload = { sub: "bob", iat: NOW - 5 };
  it.each([
    ["is known", NOW - 60, NOW - 60],
    ["is known to the fraction", NOW - 0.5, NOW - 1],
    ["is not said", undefined, null],
    ["is no time", "yesterday", null],
    ["lies in the future", NOW + 31, null],
  ])("when sign-in %s", (_case, signedIn, authenticatedAt) => {
    const party = readPartyClaims(ISSUER, { ...payload, auth_time: signedIn }, NOW);
    expect(party).toEqual({
      issuer: "https://idp.example",
      subject: "bob",
      claims: { sub: "bob" },
      authenticatedAt,
      issuedAt: NOW - 5,
    });
  });
});

describe("addresses that were admitted before", () => {
  const readmitted = (email: string | readonly string[], changes: Partial<TrustedIssuer> = {}) => {
    const party = { issuer: ISSUER.issuer, subject: "bob", authenticatedAt: null, issuedAt: NOW };
    const speaker = { ...ISSUER, ...changes };
    return readmitClaims(speaker, { ...party, claims: { sub: "bob", email } }).claims.email;
  };

  it("count as far as their issuer may speak for them now, one or several", () => {
    const several = ["bob@example.com", "bob@example.org"];
    expect(readmitted("bob@example.com")).toBe("bob@example.com");
    expect(readmitted(several)).toEqual(several);
    expect(readmitted(several, { emailDomains: ["example.org"] })).toEqual(["bob@example.org"]);
    expect(readmitted(several, { emailDomains: ["example.net"] })).toBeUndefined();
    expect(readmitted(several, { claims: ["department"] })).toBeUndefined();
  });
});
