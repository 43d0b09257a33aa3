import { describe, expect, it } from "vitest";
import type { Client } from "../../src/protocol/client.ts";
import { CLIENT_ASSERTION_TYPES, checkClientAssertion } from "../../src/protocol/client-assertion.ts";
import { ASSERTION_LIFETIME_MAX_SECONDS, CLOCK_SKEW_SECONDS } from "../../src/protocol/lifetimes.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const NOW = 1_800_000_000;
const US = "https://as.example";
const TOKEN_ENDPOINT = `${US}/token`;
const CLIENT: Client = clientNamed("c1");
const good = { iss: "c1", sub: "c1", aud: US, exp: NOW + 60, iat: NOW, jti: "j1" };
const check = (changes: object) => checkClientAssertion({ ...good, ...changes }, CLIENT, [US, TOKEN_ENDPOINT], NOW);

describe("a client assertion", () => {
  it("in order is to be spent, until no clock would take it any more", () => {
    expect(check({})).toEqual({ jti: "j1", expiresAt: NOW + 60 + CLOCK_SKEW_SECONDS });
    expect(check({ exp: NOW + 0.5 })).toEqual({ jti: "j1", expiresAt: NOW + 1 + CLOCK_SKEW_SECONDS });
  });

  it.each([
    ["the issuer in a list", { aud: [US] }],
    ["both names of this server", { aud: [US, TOKEN_ENDPOINT] }],
    ["the longest life", { exp: NOW + ASSERTION_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS }],
    ["a jti as long as one may be", { jti: "j".repeat(256) }],
    ["no iat", { iat: undefined }],
  ])("may have %s", (_, changes) => {
    expect(() => check(changes)).not.toThrow();
  });

  it.each<[string, object, string]>([
    ["another issuer", { iss: "c2" }, "iss and sub must be the client id"],
    ["another subject", { sub: "c2" }, "iss and sub must be the client id"],
    ["no audience", { aud: undefined }, "aud must be the issuer identifier"],
    ["an empty audience", { aud: [] }, "aud must be the issuer identifier"],
    ["another audience", { aud: "https://other.example" }, "aud must be the issuer identifier"],
    ["another audience beside ours", { aud: [US, "https://other.example"] }, "aud must be the issuer identifier"],
    ["no end", { exp: undefined }, "exp is required and must not have passed"],
    ["an end that has passed", { exp: NOW - CLOCK_SKEW_SECONDS }, "exp is required and must not have passed"],
    ["a start to come", { nbf: NOW + 60 }, "nbf lies in the future"],
    ["a time of issue to come", { iat: NOW + 60 }, "iat lies in the future"],
    [
      "too long a life",
      { exp: NOW + ASSERTION_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS + 1 },
      `exp must lie within ${ASSERTION_LIFETIME_MAX_SECONDS} seconds`,
    ],
    ["no jti", { jti: undefined }, "jti is required, with at most 256 characters"],
    ["an empty jti", { jti: "" }, "jti is required"],
    ["a number for a jti", { jti: 5 }, "jti is required"],
    ["too long a jti", { jti: "j".repeat(257) }, "jti is required"],
  ])("may not have %s", (_, changes, message) => {
    expect(() => check(changes)).toThrow(
      expect.objectContaining({
        code: "invalid_client",
        reason: "client_assertion",
        message: expect.stringContaining(`client assertion: ${message}`),
      }),
    );
  });

  it("is typed as what it is, or as any JWT", () => {
    expect(CLIENT_ASSERTION_TYPES).toEqual(["jwt", "client-authentication+jwt"]);
  });
});
