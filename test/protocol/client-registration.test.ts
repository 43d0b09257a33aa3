import { describe, expect, it } from "vitest";
import { parseClientRegistration } from "../../src/protocol/client-registration.ts";
import { ProtocolError } from "../../src/shared/error.ts";

const ISSUER = "https://as.example";
const COORDINATE = "A".repeat(43);
const KEY = { kty: "EC", crv: "P-256", x: COORDINATE, y: COORDINATE };
const parse = (body: object, issuer = ISSUER) => parseClientRegistration({ client_name: "Printer", ...body }, issuer);

describe("a client registration is refused", () => {
  it.each<[string, object, RegExp]>([
    ["without a name", { client_name: undefined }, /client_name/],
    ["with an empty name", { client_name: "" }, /client_name/],
    ["with a name that nobody can see", { client_name: "\u200b\u3164" }, /client_name: must have something to be seen/],
    ["with a member we do not know", { logo_uri: "" }, /logo_uri: is not known/],
    [
      "with an unknown method",
      { token_endpoint_auth_method: "self_signed_tls_client_auth" },
      /token_endpoint_auth_method/,
    ],
    ["with a secret that is easy to guess", { client_secret: "x".repeat(31) }, /client_secret: must have at least 32/],
    ["with a secret that is too long", { client_secret: "x".repeat(257) }, /client_secret/],
    [
      "with a secret it does not use",
      { token_endpoint_auth_method: "none", client_secret: "long enough to be a secret of its own" },
      /no secret/,
    ],
    ["with an unknown grant", { grant_types: ["password"] }, /grant_types/],
    ["with a grant twice", { grant_types: ["refresh_token", "refresh_token"] }, /twice/],
    [
      "with a grant for others than public clients",
      { token_endpoint_auth_method: "none", grant_types: ["client_credentials"] },
      /client_credentials/,
    ],
    ["with a scope of strange characters", { scope: 'a"b' }, /scope/],
    ["with scopes as a list", { scope: ["a"] }, /scope/],
    ["with a flag as a text", { may_push_claims: "true" }, /may_push_claims/],
    ["with no keys for signed assertions", { token_endpoint_auth_method: "private_key_jwt" }, /needs jwks/],
    ["with two sources of keys", { jwks: { keys: [KEY] }, jwks_uri: "https://a.example/k" }, /not both/],
    ["with keys fetched in the clear", { jwks_uri: "http://a.example/k" }, /jwks_uri/],
    ["with keys fetched with a password", { jwks_uri: "https://me:secret@a.example/k" }, /jwks_uri/],
    ["with no key in its set", { jwks: { keys: [] } }, /jwks.keys/],
    ["with a private key", { jwks: { keys: [{ ...KEY, d: "secret" }] } }, /public key/],
    ["with a shared key", { jwks: { keys: [{ kty: "oct", k: "secret" }] } }, /public key/],
    ["with no key that can verify", { jwks: { keys: [{ ...KEY, use: "enc" }] } }, /jwks: must have a key for/],
    ["with more keys than anybody needs", { jwks: { keys: Array(101).fill(KEY) } }, /jwks.keys: must have at most 100/],
    ["with keys inside", { jwks_uri: "https://10.0.0.1/k" }, /jwks_uri: must be an https URL at a public host/],
    ["with keys at a name inside", { jwks_uri: "https://keys.default.svc/k" }, /public host/],
    ["with client ids that are no texts", { issuer_client_ids: { "https://idp.example": 1 } }, /issuer_client_ids/],
    [
      "with nowhere to send people back",
      { grant_types: ["authorization_code"] },
      /redirect_uris: authorization_code needs/,
    ],
    ["with a response type that it may not use", { response_types: ["code"] }, /go together/],
    [
      "without the one that it uses",
      { grant_types: ["authorization_code"], redirect_uris: ["https://a.example/cb"], response_types: [] },
      /go together/,
    ],
    ["with tokens from the authorization endpoint", { response_types: ["token"] }, /response_types/],
    ["with a certificate of nobody", { token_endpoint_auth_method: "tls_client_auth" }, /go together/],
    ["with a certificate that it does not use", { tls_client_auth_subject_dn: "CN=app" }, /go together/],
    [
      "with tokens that are bound twice",
      { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
      /not to both/,
    ],
    ["with a home page inside", { client_uri: "https://10.0.0.1/" }, /client_uri/],
    ["with a policy inside", { policy_uri: "https://10.0.0.1/" }, /policy_uri/],
    ["with terms that are a script", { tos_uri: "javascript:alert(1)" }, /tos_uri/],
    ["with a home page that is a script", { client_uri: "javascript:alert(1)" }, /client_uri/],
    ["with an unknown RPT format", { rpt_format: "paseto" }, /rpt_format/],
  ])("%s", (_, body, message) => {
    expect(() => parse(body)).toThrow(ProtocolError);
    expect(() => parse(body)).toThrow(message);
  });

  it.each([null, "client", 1])("when it is %j", (input) => {
    expect(() => parseClientRegistration(input, ISSUER)).toThrow(/must be an object/);
  });
});

describe.each([
  ["claims_redirect_uris", "claimsRedirectUris"],
  ["redirect_uris", "redirectUris"],
] as const)("a redirection URI of %s", (member, property) => {
  it.each([
    "https://app.example/back?state=1",
    "http://localhost:1234/back",
    "http://127.0.0.1/back",
    "http://[::1]:8080/",
    "com.example.app:/back",
  ])("may be %s", (uri) => {
    expect(parse({ [member]: [uri] })[property]).toEqual([uri]);
  });

  it.each([
    "/back",
    "https://app.example/back#part",
    "https://app.example/back#",
    "http://app.example/back",
    "http://localhost.example/back",
    "myapp:/back",
    "javascript:alert(1)",
    "data:text/html,x",
    "",
  ])("is not %j", (uri) => {
    expect(() => parse({ [member]: [uri] })).toThrow(new RegExp(`^${member}`));
  });
});

it("keys may come in the clear from one loopback server to another", () => {
  const body = { jwks_uri: "http://localhost:9000/keys" };
  expect(parse(body, "http://localhost:8787").jwksUri).toBe("http://localhost:9000/keys");
  expect(() => parse(body)).toThrow(/jwks_uri/);
});

it("a key set is taken with what we can use of it", () => {
  const odd = [{ kty: "AKP", alg: "ML-DSA-44", pub: "AA" }, { ...KEY, kid: "enc", use: "enc" }, {}];
  const jwks = { keys: [...odd, { ...KEY, kid: "one", x5c: ["AA"], "https://idp.example/x": 1 }], updated: 1 };
  expect(parse({ jwks }).jwks).toEqual({ keys: [{ ...KEY, kid: "one" }] });
});
