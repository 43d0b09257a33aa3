import { describe, expect, it } from "vitest";
import { audienceOf, findHeaderFault, findTimeFault, isTime } from "../../src/protocol/jwt.ts";
import { CLOCK_SKEW_SECONDS as SKEW } from "../../src/protocol/lifetimes.ts";

const NOW = 1_800_000_000;

describe("the header of a JWT", () => {
  const faultOf = (header: object) => findHeaderFault(header, ["ES256", "RS256"], ["jwt", "client-authentication+jwt"]);

  it.each<[string | null, object]>([
    [null, { alg: "ES256" }],
    [null, { alg: "RS256", typ: "JWT" }],
    [null, { alg: "RS256", typ: "application/jwt" }],
    [null, { alg: "RS256", typ: "Application/Client-Authentication+JWT" }],
    ["alg", {}],
    ["alg", { alg: "none" }],
    ["alg", { alg: ["ES256"] }],
    ["alg", { alg: "HS256", typ: "at+jwt" }],
    ["crit", { alg: "ES256", crit: ["exp"] }],
    ["crit", { alg: "ES256", crit: null }],
    ["typ", { alg: "ES256", typ: "at+jwt" }],
    ["typ", { alg: "ES256", typ: "jwtapplication/" }],
    ["typ", { alg: "ES256", typ: "" }],
    ["typ", { alg: "ES256", typ: null }],
    ["typ", { alg: "ES256", typ: ["jwt"] }],
  ])("has the fault %s: %j", (fault, header) => {
    expect(faultOf(header)).toBe(fault);
  });
});

describe("the times of a JWT", () => {
  it.each<[string | null, object]>([
    [null, { exp: NOW + 1 }],
    [null, { exp: NOW + 1.5, iat: NOW - 0.5, nbf: NOW }],
    [null, { exp: NOW - SKEW + 1 }],
    ["exp", { exp: NOW - SKEW }],
    ["exp", {}],
    ["exp", { exp: null }],
    ["exp", { exp: String(NOW + 60) }],
    ["exp", { exp: Number.POSITIVE_INFINITY }],
    ["exp", { exp: Number.NaN }],
    [null, { exp: NOW + 60, iat: NOW + SKEW }],
    ["iat", { exp: NOW + 60, iat: NOW + SKEW + 1 }],
    ["iat", { exp: NOW + 60, iat: "yesterday" }],
    ["iat", { exp: NOW + 60, iat: null }],
    [null, { exp: NOW + 60, nbf: NOW + SKEW }],
    ["nbf", { exp: NOW + 60, nbf: NOW + SKEW + 1 }],
    ["nbf", { exp: NOW + 60, nbf: String(NOW) }],
  ])("have the fault %s: %j", (fault, payload) => {
    expect(findTimeFault({ ...payload }, NOW)).toBe(fault);
  });

  it("are numbers", () => {
    expect([0, 1.5, "1", Number.NaN, undefined].map(isTime)).toEqual([true, true, false, false, false]);
  });
});

describe("the audience of a JWT", () => {
  it.each([
    ["one text", "us", ["us"]],
    ["a list", ["us", "them"], ["us", "them"]],
    ["an empty list", [], []],
    ["nothing", undefined, []],
    ["a number", 5, []],
    ["a list with a number in it", ["us", 5], []],
  ])("is a list: %s", (_, aud, audience) => {
    expect(audienceOf({ aud })).toEqual(audience);
  });
});
