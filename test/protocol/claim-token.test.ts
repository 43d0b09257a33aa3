import { describe, expect, it } from "vitest";
import { findFormatFault, findStatementFault } from "../../src/protocol/claim-token.ts";
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

  it("is typed as any JWT", () => {
    const fault = (typ?: string) => findFormatFault({ alg: "ES256", ...(typ && { typ }) }, { typ: null }, ["ES256"]);
    expect([undefined, "JWT", "application/jwt", "rqp+jwt"].map(fault)).toEqual([null, null, null, "typ"]);
  });
});
