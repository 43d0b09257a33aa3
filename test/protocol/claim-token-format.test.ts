import { describe, expect, it } from "vitest";
import {
  type ClaimTokenFormat,
  findFormats,
  ID_TOKENS,
  namesIdToken,
  narrowedBy,
  type TokenName,
  usualFormatOf,
} from "../../src/protocol/claim-token-format.ts";

const TYPE = "urn:ietf:params:oauth:token-type:";
const OWN: ClaimTokenFormat = { kind: "jwt", format: "passport", typ: "passport+jwt", claims: ["email"] };
const USUAL: ClaimTokenFormat = { kind: "jwt", format: `${TYPE}jwt`, typ: null, claims: "all" };
const ACCESS: ClaimTokenFormat = { kind: "access_token", format: `${TYPE}access_token`, typ: null, claims: "all" };

describe("the name of a pushed token", () => {
  it.each<[boolean, TokenName]>([
    [true, { format: "http://openid.net/specs/openid-connect-core-1_0.html#IDToken" }],
    [false, { format: "http://openid.net/specs/openid-connect-core-1_0.html" }],
    [false, { format: `${TYPE}id_token` }],
    [true, { tokenType: `${TYPE}id_token` }],
    [false, { tokenType: `${TYPE}jwt` }],
    [false, { tokenType: "http://openid.net/specs/openid-connect-core-1_0.html#IDToken" }],
  ])("means an ID Token: %s for %j", (is, name) => {
    expect(namesIdToken(name)).toBe(is);
  });

  it.each<[TokenName, readonly ClaimTokenFormat[]]>([
    [{ format: "passport" }, [OWN]],
    [{ format: `${TYPE}jwt` }, [USUAL]],
    [{ format: "Passport" }, []],
    [{ tokenType: "passport" }, []],
    [{ tokenType: `${TYPE}jwt` }, [OWN, USUAL]],
    [{ tokenType: `${TYPE}access_token` }, [ACCESS]],
    [{ tokenType: `${TYPE}id_token` }, [ID_TOKENS]],
    [{ tokenType: `${TYPE}refresh_token` }, []],
  ])("%j finds the rows that it can mean, in their order", (name, rows) => {
    expect(findFormats([OWN, ID_TOKENS, USUAL, ACCESS], name)).toEqual(rows);
  });

  it("finds the usual format of each kind, and only that kind by it", () => {
    for (const row of [ID_TOKENS, USUAL, ACCESS]) expect(usualFormatOf(row.kind)).toBe(row.format);
  });
});

describe("an issuer's word in one of its forms", () => {
  it.each<[readonly string[] | "all", readonly string[] | "all", readonly string[] | "all"]>([
    ["all", "all", "all"],
    [["email", "name"], "all", ["email", "name"]],
    ["all", ["email"], ["email"]],
    [["email", "name"], ["groups", "name"], ["name"]],
    [["email"], ["groups"], []],
    [["email"], [], []],
  ])("of %j counts within %j as far as %j", (allowed, claims, counting) => {
    const speaker = { issuer: "https://op.example", claims: allowed };
    expect(narrowedBy(speaker, { claims })).toEqual({ issuer: "https://op.example", claims: counting });
  });
});
