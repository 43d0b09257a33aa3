import { describe, expect, it } from "vitest";
import {
  type AssertionContext,
  type AssertionFault,
  audiencesOf,
  describeAssertionFault,
  endOfAssertion,
  findAssertionFault,
  readAssertionKind,
  scopesSaid,
} from "../../src/protocol/assertion.ts";
import { CLOCK_SKEW_SECONDS as SKEW } from "../../src/protocol/lifetimes.ts";

const NOW = 1_800_000_000;
const OP = "https://op.example";
const US = "https://as.example";
const KEY = { jkt: "a".repeat(43) };
const CONTEXT: AssertionContext = {
  kind: "jwt",
  trusted: { issuer: OP, maxTokenAge: null },
  clientId: "c1",
  audiences: [US],
  confirmation: null,
};
const good = { iss: OP, sub: "ana", aud: US, exp: NOW + 60, iat: NOW, jti: "j1" };

const faultOf = (changes: object, context: Partial<AssertionContext> = {}) =>
  findAssertionFault({ ...good, ...changes }, { ...CONTEXT, ...context }, NOW);

describe("an assertion", () => {
  it.each<[string | null, object]>([
    [null, {}],
    [null, { aud: [US] }],
    [null, { client_id: "c1" }],
    [null, { iat: undefined }],
    [null, { exp: NOW + 3_600 + SKEW }],
    ["iss", { iss: "https://other.example" }],
    ["kind", { nonce: "n" }],
    ["kind", { at_hash: "h" }],
    ["kind", { c_hash: "h" }],
    ["kind", { token_introspection: {} }],
    ["kind", { events: {} }],
    ["kind", { ticket_hash: "h" }],
    ["kind", { typ: "Bearer" }],
    ["kind", { token_use: "access" }],
    [null, { scope: "view edit" }],
    ["scope", { scope: ["view"] }],
    ["scope", { scope: null }],
    [null, { resource: "https://api.example/" }],
    [null, { resource: ["https://api.example/", "urn:of:another:kind"] }],
    ["resource", { resource: [] }],
    ["resource", { resource: 5 }],
    ["resource", { resource: null }],
    ["resource", { resource: ["https://api.example/", 5] }],
    ["sub", { sub: undefined }],
    ["sub", { sub: "" }],
    ["sub", { sub: OP }],
    [null, { sub: "s".repeat(255) }],
    ["sub", { sub: "s".repeat(256) }],
    ["aud", { aud: undefined }],
    ["aud", { aud: [] }],
    ["aud", { aud: "c1" }],
    ["aud", { aud: [US, "https://other.example"] }],
    ["client_id", { client_id: "c2" }],
    ["bound", { cnf: KEY }],
    ["bound", { cnf: "k" }],
    ["exp", { exp: NOW - SKEW }],
    ["exp", { exp: undefined }],
    ["iat", { iat: NOW + SKEW + 1 }],
    ["nbf", { nbf: NOW + SKEW + 1 }],
    ["jti", { jti: undefined }],
    ["jti", { jti: "" }],
    ["jti", { jti: 7 }],
    [null, { jti: "j".repeat(256) }],
    ["jti", { jti: "j".repeat(257) }],
    ["lifetime", { exp: NOW + 3_600 + SKEW + 1 }],
  ])("has the fault %s: %j", (fault, changes) => {
    expect(faultOf(changes)).toBe(fault);
  });

  it("that is an identity assertion names its client", () => {
    expect(faultOf({}, { kind: "id_jag" })).toBe("client_id");
    expect(faultOf({ client_id: "c2" }, { kind: "id_jag" })).toBe("client_id");
    expect(faultOf({ client_id: "c1" }, { kind: "id_jag" })).toBeNull();
  });

  it("is no older than the tokens of its issuer may be, and says so", () => {
    const trusted = { issuer: OP, maxTokenAge: 600 };
    expect(faultOf({ iat: NOW - 600 - SKEW }, { trusted })).toBeNull();
    expect(faultOf({ iat: NOW - 600 - SKEW - 1 }, { trusted })).toBe("age");
    expect(faultOf({ iat: undefined }, { trusted })).toBe("iat");
    expect(faultOf({ iat: NOW - 86_400 })).toBeNull();
  });

  it("that is bound to a key is for whoever proves to have it", () => {
    expect(faultOf({ cnf: KEY }, { confirmation: KEY })).toBeNull();
    expect(faultOf({ cnf: KEY }, { confirmation: { jkt: "b".repeat(43) } })).toBe("bound");
    expect(faultOf({ cnf: KEY }, { confirmation: { "x5t#S256": KEY.jkt } })).toBe("bound");
    expect(faultOf({}, { confirmation: KEY })).toBeNull();
  });
});

it.each([
  [undefined, "jwt"],
  ["JWT", "jwt"],
  ["authorization-grant+jwt", "jwt"],
  ["oauth-id-jag+jwt", "id_jag"],
  ["application/OAuth-ID-JAG+jwt", "id_jag"],
  ["at+jwt", { fault: "typ" }],
  ["client-authentication+jwt", { fault: "typ" }],
])("the type %j makes it %j", (typ, kind) => {
  expect(readAssertionKind({ alg: "ES256", ...(typ === undefined ? {} : { typ }) }, ["ES256"])).toEqual(kind);
});

it("another algorithm, or a critical extension, makes it none", () => {
  expect(readAssertionKind({ alg: "none" }, ["ES256"])).toEqual({ fault: "alg" });
  expect(readAssertionKind({ alg: "ES256", typ: "oauth-id-jag+jwt", crit: ["x"] }, ["ES256"])).toEqual({
    fault: "crit",
  });
});

it("names this server by its issuer identifier, and as a plain one by the token endpoint unless a profile says no", () => {
  expect(audiencesOf("jwt", US, { assertionAudience: "any" })).toEqual([US, `${US}/token`]);
  expect(audiencesOf("jwt", US, { assertionAudience: "issuer" })).toEqual([US]);
  expect(audiencesOf("id_jag", US, { assertionAudience: "any" })).toEqual([US]);
});

it.each<[unknown, readonly string[] | null]>([
  [undefined, null],
  [null, null],
  [["view"], null],
  ["", []],
  ["  ", []],
  ["view", ["view"]],
  [" view  edit ", ["view", "edit"]],
])("bounds scopes by %j to %j", (scope, scopes) => {
  expect(scopesSaid({ scope })).toEqual(scopes);
});

it.each([NOW, NOW + 0.5])("with an exp of %d ends in the second in which it is refused as expired", (exp) => {
  const end = endOfAssertion({ exp });
  const faultAt = (now: number) => findAssertionFault({ ...good, exp }, CONTEXT, now);
  expect([end - 1, end].map(faultAt)).toEqual([null, "exp"]);
});

it.each<[AssertionFault, RegExp]>([
  ["form", /compact/],
  ["issuer", /not trusted/],
  ["kind", /another kind/],
  ["signature", /does not verify/],
  ["keys", /cannot be had/],
  ["alg", /algorithm/],
  ["crit", /crit/],
  ["typ", /type/],
  ["iss", /\biss\b/],
  ["sub", /\bsub\b/],
  ["aud", /\baud\b/],
  ["client_id", /\bclient_id\b/],
  ["bound", /\bkey\b/],
  ["exp", /\bexp\b/],
  ["iat", /\biat\b/],
  ["age", /longer ago/],
  ["nbf", /\bnbf\b/],
  ["jti", /\bjti\b.* 256 characters/],
  ["lifetime", /\bexp\b.* 3600 seconds/],
  ["scope", /\bscope\b/],
  ["resource", /\bresource\b/],
])("is told of the fault %s in words that name it", (fault, words) => {
  expect(describeAssertionFault(fault)).toMatch(words);
});
