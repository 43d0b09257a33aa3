import { describe, expect, it } from "vitest";
import {
  describeIdentity,
  type GrantedIdentity,
  isTokenEnded,
  parsePerson,
  personStatement,
} from "../../src/protocol/identity.ts";
import type { SignInMethod } from "../../src/protocol/sign-in-method.ts";

const IDENTITY: GrantedIdentity = {
  consentId: "consent",
  scopes: ["openid"],
  nonce: null,
  authenticatedAt: 1_900_000_000,
  methods: ["email_code"],
};

describe("what an ID Token says of a sign-in", () => {
  it.each<[SignInMethod, readonly string[], object]>([
    ["passkey", ["pop", "user", "mfa"], { acr: "phr" }],
    ["email_code", ["otp"], {}],
    ["recovery_code", ["otp"], {}],
    ["provider", ["fed"], {}],
  ])("by %s is %j", (method, amr, more) => {
    expect(describeIdentity({ ...IDENTITY, methods: [method] })).toEqual({ auth_time: 1_900_000_000, amr, ...more });
  });

  it("names each method once, and the nonce where one was sent", () => {
    const both = describeIdentity({ ...IDENTITY, nonce: "n", methods: ["email_code", "recovery_code"] });
    expect(both).toEqual({ auth_time: 1_900_000_000, amr: ["otp"], nonce: "n" });
  });
});

it("whom a token is about is read again, and nothing else is", () => {
  const person = { accountId: "ana", clientId: "app", consentId: "consent" };
  expect(parsePerson(JSON.parse(JSON.stringify(personStatement(person))))).toEqual(person);
  for (const other of [null, {}, "text", ["a", "b"], [1, 2, 3]]) expect(parsePerson(other)).toBeNull();
});

it("a token that was made when those of its consent ended has ended with them", () => {
  expect([9, 10, 11].map((issuedAt) => isTokenEnded({ tokensEndedAt: 10 }, issuedAt))).toEqual([true, true, false]);
});
