import { describe, expect, it } from "vitest";
import { reviewIssuer } from "../../src/protocol/issuer-review.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";

const ISSUER: TrustedIssuer = {
  id: "i1",
  issuer: "https://idp.example",
  jwks: null,
  jwksUri: null,
  audiences: [],
  claims: ["email", "role", "sub"],
  emailDomains: ["example.com"],
  maxTokenAge: 60,
  ...DEFAULT_ISSUER_DETAILS,
};
const pathsOf = (more: Partial<TrustedIssuer>) =>
  reviewIssuer({ ...ISSUER, ...more }, { claimTokens: "any" }).map(({ path }) => path);

it.each<[string, Partial<TrustedIssuer>]>([
  ["addresses of some domains", {}],
  ["addresses of all domains", { emailDomains: "all" }],
  ["everything", { claims: "all", emailDomains: "all", maxTokenAge: null }],
  ["something other than addresses", { claims: ["role"], emailDomains: [] }],
])("nothing is to be said of an issuer that speaks for %s", (_, more) => {
  expect(pathsOf(more)).toEqual([]);
});

describe("something is to be said of", () => {
  it.each<[string, Partial<TrustedIssuer>, readonly string[]]>([
    ["an issuer that speaks for nothing", { claims: [], emailDomains: [] }, ["claims"]],
    ["addresses without a domain", { emailDomains: [] }, ["email_domains"]],
    ["everything without a domain", { claims: "all", emailDomains: [] }, ["email_domains"]],
    ["domains without addresses", { claims: ["role"] }, ["email_domains"]],
    ["any domain without addresses", { claims: ["role"], emailDomains: "all" }, ["email_domains"]],
    ["claims about the token", { claims: ["email", "aud", "role", "nonce"] }, ["claims[1]", "claims[3]"]],
    ["an age that hardly any token has", { maxTokenAge: 59 }, ["max_token_age"]],
    ["several things at once", { claims: [], maxTokenAge: 1 }, ["claims", "email_domains", "max_token_age"]],
  ])("%s", (_, more, paths) => {
    expect(pathsOf(more)).toEqual(paths);
  });
});

it("an issuer is told to be unheard in forms that this server does not hear", () => {
  const formats = (["id_token", "access_token"] as const).map((kind) => ({
    kind,
    format: kind,
    typ: null,
    claims: "all" as const,
  }));
  const warnings = (claimTokens: "any" | "signed") => reviewIssuer({ ...ISSUER, formats }, { claimTokens });
  expect(warnings("signed").map(({ path }) => path)).toEqual(["claim_tokens[1].kind"]);
  expect(warnings("any")).toEqual([]);
});
