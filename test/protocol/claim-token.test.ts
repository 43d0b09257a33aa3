import { describe, expect, it } from "vitest";
import { findAnswerFault, findFormatFault, findStatementFault, statementOf } from "../../src/protocol/claim-token.ts";
import { CLOCK_SKEW_SECONDS as SKEW } from "../../src/protocol/lifetimes.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";
import { clientNamed } from "../support/pure/client-named.ts";

type IdTokenContext = Parameters<typeof findStatementFault>[1];

const NOW = 1_800_000_000;
const OP = "https://op.example";
const US = "https://as.example";
const TRUSTED: TrustedIssuer = {
  id: "i1",
  issuer: OP,
  jwks: null,
  jwksUri: null,
  audiences: ["https://portal.example"],
  claims: "all",
  emailDomains: "all",
  maxTokenAge: null,
  ...DEFAULT_ISSUER_DETAILS,
};
const good = { iss: OP, sub: "bob", aud: "c1", exp: NOW + 60, iat: NOW };

function faultOf(changes: object, context: Partial<IdTokenContext> = {}): string | null {
  const payload = { ...good, ...changes };
  const usual = { trusted: TRUSTED, client: clientNamed("c1"), confirmation: null, issuer: US };
  return findStatementFault(payload, { ...usual, ...context }, NOW);
}

describe("an ID Token", () => {
  it.each<[string | null, object]>([
    [null, {}],
    ["iss", { iss: "https://other.example" }],
    ["iss", { iss: undefined }],
    [null, { sub: "s".repeat(255) }],
    ["sub", { sub: "s".repeat(256) }],
    ["sub", { sub: "" }],
    ["sub", { sub: undefined }],
    ["sub", { sub: 5 }],
    ["sub", { sub: OP }],
    ["exp", { exp: NOW - SKEW }],
    ["nbf", { nbf: NOW + SKEW + 1 }],
    ["iat", { iat: undefined }],
    ["iat", { iat: "now" }],
  ])("has the fault %s: %j", (fault, changes) => {
    expect(faultOf(changes)).toBe(fault);
  });

  it.each<[string | null, object]>([
    ["kind", { events: {} }],
    ["kind", { token_introspection: {} }],
    [null, { typ: "ID" }],
    ["kind", { typ: "Bearer" }],
    [null, { token_use: "id" }],
    ["kind", { token_use: "access" }],
    ["kind", { scope: "openid", client_id: "c1" }],
    ["kind", { scope: "openid", cid: "c1" }],
    ["kind", { scp: ["openid"], client_id: "c1" }],
    ["kind", { scp: ["openid"], cid: "c1" }],
    [null, { scope: "openid" }],
    [null, { scp: ["openid"] }],
    [null, { client_id: "c1" }],
    ["client_id", { client_id: "c2" }],
    ["client_id", { client_id: ["c1"] }],
    [null, { cid: "c1" }],
  ])("is told from other tokens of its issuer by %s: %j", (fault, changes) => {
    expect(faultOf(changes)).toBe(fault);
  });

  it.each<[string | null, object]>([
    [null, { aud: US }],
    [null, { aud: "https://portal.example" }],
    [null, { aud: ["c1", US, "https://portal.example"] }],
    ["aud", { aud: "c2" }],
    ["aud", { aud: ["c1", "c2"] }],
    ["aud", { aud: [] }],
    ["aud", { aud: undefined }],
    [null, { aud: ["c1", "c2"], azp: "c1" }],
    ["aud", { aud: ["c2"], azp: "c1" }],
    ["azp", { azp: "c2" }],
    ["azp", { azp: US }],
    ["azp", { azp: null }],
  ])("is meant for the client that pushes it, or for us; else %s: %j", (fault, changes) => {
    expect(faultOf(changes)).toBe(fault);
  });

  it("names the client as its issuer does, and not by its name here", () => {
    const client = clientNamed("c1", { issuerClientIds: { [OP]: "their-c1" } });
    expect(faultOf({ aud: "their-c1", azp: "their-c1" }, { client })).toBeNull();
    expect(faultOf({ aud: "c1" }, { client })).toBe("aud");
    expect(faultOf({ aud: "their-c1", client_id: "their-c1" }, { client })).toBeNull();
    expect(faultOf({ aud: US, client_id: "c1" }, { client })).toBeNull();
    const elsewhere = clientNamed("c1", { issuerClientIds: { "https://other.example": "their-c1" } });
    expect(faultOf({ aud: "their-c1" }, { client: elsewhere })).toBe("aud");
  });

  it("that is bound to a key is for whoever proves to have that", () => {
    const cnf = { jkt: "a".repeat(43) };
    expect(faultOf({ cnf })).toBe("bound");
    expect(faultOf({ cnf }, { confirmation: { jkt: "b".repeat(43) } })).toBe("bound");
    expect(faultOf({ cnf: { ...cnf, kid: "k" } }, { confirmation: cnf })).toBe("bound");
    expect(faultOf({ cnf }, { confirmation: cnf })).toBeNull();
    expect(faultOf({}, { confirmation: cnf })).toBeNull();
  });

  it("counts no longer than its issuer's tokens may", () => {
    const trusted = { ...TRUSTED, maxTokenAge: 600 };
    expect(faultOf({ iat: NOW - 600 - SKEW }, { trusted })).toBeNull();
    expect(faultOf({ iat: NOW - 600 - SKEW - 1 }, { trusted })).toBe("age");
    expect(faultOf({ iat: NOW - 86_400 })).toBeNull();
    expect(faultOf({ iat: NOW - SKEW - 1 }, { trusted: { ...TRUSTED, maxTokenAge: 0 } })).toBe("age");
  });

  it("that a client signs itself is meant for us, and never for the client", () => {
    const trusted = { ...TRUSTED, clientId: "c1" };
    expect(faultOf({ aud: "c1" }, { trusted })).toBe("aud");
    expect(faultOf({ aud: ["c1", US] }, { trusted })).toBe("aud");
    expect(faultOf({ aud: US }, { trusted })).toBeNull();
  });

  it("is typed as any JWT", () => {
    const fault = (typ?: string) => findFormatFault({ alg: "ES256", ...(typ && { typ }) }, { typ: null }, ["ES256"]);
    expect([undefined, "JWT", "application/jwt", "rqp+jwt"].map(fault)).toEqual([null, null, null, "typ"]);
  });
});

it.each<[string | null, object]>([
  ["typ", {}],
  ["typ", { typ: "JWT" }],
  [null, { typ: "passport+jwt" }],
  [null, { typ: "application/Passport+JWT" }],
  ["alg", { typ: "passport+jwt", alg: "none" }],
])("a statement of a type of its own has to bear it, else %s: %j", (fault, header) => {
  expect(findFormatFault({ alg: "ES256", ...header }, { typ: "passport+jwt" }, ["ES256"])).toBe(fault);
});

describe("an answer about an access token", () => {
  const answer = { active: true, sub: "bob", client_id: "c1" };
  const answerFault = (changes: object, context: Partial<IdTokenContext> = {}) => {
    const usual = { trusted: TRUSTED, client: clientNamed("c1"), confirmation: null, issuer: US };
    return findAnswerFault({ ...answer, ...changes }, { ...usual, ...context }, NOW);
  };

  it.each<[string | null, object]>([
    [null, {}],
    ["inactive", { active: false }],
    ["inactive", { active: undefined }],
    ["inactive", { active: "true" }],
    [null, { iss: OP }],
    ["iss", { iss: "https://other.example" }],
    ["client_id", { client_id: "c2" }],
    ["client_id", { client_id: undefined }],
    ["sub", { sub: undefined }],
    ["sub", { sub: OP, iss: OP }],
    ["sub", { sub: OP }],
    [null, { aud: "c1" }],
    [null, { aud: US }],
    ["aud", { aud: "c2" }],
    ["aud", { aud: [] }],
    ["azp", { aud: US, azp: "c2" }],
    [null, { exp: NOW + 1 }],
    ["exp", { exp: NOW - SKEW }],
    ["exp", { exp: "never" }],
    ["iat", { iat: NOW + SKEW + 1 }],
    ["nbf", { nbf: NOW + SKEW + 1 }],
  ])("has the fault %s: %j", (fault, changes) => {
    expect(answerFault(changes)).toBe(fault);
  });

  it.each<[string | null, object]>([
    ["kind", { typ: "Refresh" }],
    ["kind", { typ: "Offline" }],
    ["kind", { typ: "ID" }],
    ["kind", { typ: "Logout" }],
    ["kind", { token_use: "refresh" }],
    ["kind", { token_use: "id" }],
    [null, { typ: "Bearer", token_use: "access" }],
    [null, { typ: 5 }],
  ])("is not about another token, else %s: %j", (fault, changes) => {
    expect(answerFault(changes)).toBe(fault);
  });

  it("that asks for the proof of a key is nobody's, since that was made for another token", () => {
    const cnf = { jkt: "a".repeat(43) };
    expect(answerFault({ cnf })).toBe("bound");
    expect(answerFault({ cnf }, { confirmation: cnf })).toBe("bound");
  });

  it("names the client as its issuer does", () => {
    const client = clientNamed("c1", { issuerClientIds: { [OP]: "their-c1" } });
    expect(answerFault({ client_id: "their-c1" }, { client })).toBeNull();
    expect(answerFault({}, { client })).toBe("client_id");
  });

  it("counts no longer than its issuer's tokens may, where it says when that was issued", () => {
    const trusted = { ...TRUSTED, maxTokenAge: 600 };
    expect(answerFault({ iat: NOW - 600 - SKEW }, { trusted })).toBeNull();
    expect(answerFault({ iat: NOW - 600 - SKEW - 1 }, { trusted })).toBe("age");
    expect(answerFault({}, { trusted })).toBeNull();
  });

  it("states of the party what is not about the token, as of now unless it says since when", () => {
    const token = { scope: "openid", token_type: "Bearer", typ: "Bearer", token_use: "access", azp: "c1" };
    const said = { sub: "bob", email: "bob@example.com", groups: ["a"] };
    expect(statementOf({ ...answer, ...token, ...said }, NOW)).toEqual({ ...said, iat: NOW });
    expect(statementOf({ ...answer, ...token, ...said, iat: 5 }, NOW)).toEqual({ ...said, iat: 5 });
  });
});
