import { describe, expect, it } from "vitest";
import { parseProviderRegistration } from "../../src/protocol/identity-provider-registration.ts";

const OWN = "https://as.example";
const BODY = {
  issuer: "https://op.example",
  name: "Lakeside ID",
  client_id: "usher",
  client_secret: "s3cret",
  claims: [],
};
const parse = (body: object, own = OWN) => parseProviderRegistration({ ...BODY, ...body }, own);

it("what is not said of a provider is what is usual, and nothing is assumed of its word", () => {
  expect(parse({})).toEqual({
    issuer: "https://op.example",
    name: "Lakeside ID",
    clientId: "usher",
    clientSecret: "s3cret",
    authenticationMethod: "client_secret_basic",
    signingAlgorithm: "ES256",
    assertionAudience: "issuer",
    signsRequests: false,
    scopes: ["openid"],
    acrValues: [],
    acceptedLevels: "all",
    prompt: null,
    claims: [],
    emailDomains: [],
    maxClaimsAge: null,
    enabled: true,
  });
});

it("whoever asks for levels accepts those, unless it is said otherwise", () => {
  expect(parse({ acr_values: ["high", "low"] }).acceptedLevels).toEqual(["high", "low"]);
  expect(parse({ acr_values: ["high", "low"], accepted_acr_values: ["high"] }).acceptedLevels).toEqual(["high"]);
  expect(parse({ acr_values: ["high"], accepted_acr_values: "all" }).acceptedLevels).toBe("all");
});

it("a provider on loopback is in order where we are there ourselves", () => {
  expect(parse({ issuer: "http://localhost:8789" }, "http://localhost:8787").issuer).toBe("http://localhost:8789");
});

describe("a provider is refused", () => {
  it.each<[string, object, RegExp]>([
    ["without an issuer", { issuer: undefined }, /issuer/],
    ["in the clear", { issuer: "http://op.example" }, /issuer: must be an https URL at a public host/],
    ["at a host inside", { issuer: "https://10.0.0.1" }, /issuer/],
    ["with a query", { issuer: "https://op.example?x=1" }, /issuer/],
    ["that is this server", { issuer: OWN }, /issuer: is this server itself/],
    ["without a name", { name: "" }, /name/],
    ["with a name of two lines", { name: "Lake\nside" }, /name/],
    ["without a client id", { client_id: undefined }, /client_id/],
    ["as a public client", { token_endpoint_auth_method: "none" }, /token_endpoint_auth_method/],
    ["with a secret and a key", { token_endpoint_auth_method: "private_key_jwt" }, /client_secret/],
    ["with a secret that no header carries", { client_secret: "s3 cret" }, /client_secret/],
    ["with a key of ours that no provider takes", { client_signing_alg: "HS256" }, /client_signing_alg/],
    ["with assertions for somebody else", { client_assertion_audience: "anybody" }, /client_assertion_audience/],
    ["where nobody signs in", { scope: "profile" }, /scope: must have openid/],
    ["with a scope of another form", { scope: 'openid "email"' }, /scope/],
    ["with a level twice", { acr_values: ["high", "high"] }, /acr_values/],
    ["with a level of two words", { acr_values: ["very high"] }, /acr_values/],
    ["where no level is accepted", { accepted_acr_values: [] }, /accepted_acr_values/],
    ["that is to ask nobody", { prompt: "none" }, /prompt/],
    ["without a word on its claims", { claims: undefined }, /claims/],
    ["that speaks for addresses of nobody knows whom", { claims: ["email"] }, /email_domains/],
    ["with an age of nothing", { max_claims_age: 0 }, /max_claims_age/],
    ["with a member we do not know", { trust: true }, /trust: is not known/],
  ])("%s", (_, body, message) => {
    expect(() => parse(body)).toThrow(message);
  });
});
