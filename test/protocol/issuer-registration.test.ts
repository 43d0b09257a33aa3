import { describe, expect, it } from "vitest";
import { ID_TOKENS } from "../../src/protocol/claim-token-format.ts";
import { parseIssuerRegistration, renderIssuer } from "../../src/protocol/issuer-registration.ts";
import { DEFAULT_ISSUER_DETAILS } from "../../src/protocol/trusted-issuer.ts";

const OWN = "https://as.example";
const KEYS = { keys: [{ kty: "RSA", n: "A".repeat(342), e: "AQAB" }] };
const BODY = { issuer: "https://idp.example", claims: ["email"], email_domains: ["example.com"] };
const parse = (body: object, own = OWN) => parseIssuerRegistration({ ...BODY, ...body }, own);

it("an issuer may speak for e-mail addresses only where that is said", () => {
  expect(parseIssuerRegistration({ issuer: "https://idp.example", claims: ["role"] }, OWN)).toEqual({
    issuer: "https://idp.example",
    jwks: null,
    jwksUri: null,
    audiences: [],
    claims: ["role"],
    emailDomains: [],
    maxTokenAge: null,
    ...DEFAULT_ISSUER_DETAILS,
  });
});

it.each(["all", ["role", "email"]])("whoever lets it speak for e-mail addresses (%j) says for which", (claims) => {
  const { email_domains, ...rest } = BODY;
  expect(() => parseIssuerRegistration({ ...rest, claims }, OWN)).toThrow(/^email_domains: say for the addresses of/);
  expect(parse({ claims, email_domains: [] }).emailDomains).toEqual([]);
  expect(parse({ claims, email_domains: "all" }).emailDomains).toBe("all");
});

it("domains are kept in the form in which they are compared", () => {
  expect(parse({ email_domains: ["Example.COM.", "münchen.example"] }).emailDomains).toEqual([
    "example.com",
    "xn--mnchen-3ya.example",
  ]);
});

it.each(["https://idp.example/", "https://idp.example/tenant/1", "https://idp.example:8443"])(
  "the identifier %s is kept as it is",
  (issuer) => {
    expect(parse({ issuer }).issuer).toBe(issuer);
  },
);

describe("an issuer registration is refused", () => {
  it.each<[string, object, RegExp]>([
    ["without an issuer", { issuer: undefined }, /issuer/],
    ["of ourselves", { issuer: OWN }, /issuer: is this server itself/],
    ["with an issuer in the clear", { issuer: "http://idp.example" }, /issuer/],
    ["with a loopback issuer of a public server", { issuer: "http://localhost:9000" }, /issuer/],
    ["with a query", { issuer: "https://idp.example?x=1" }, /issuer/],
    ["with a fragment", { issuer: "https://idp.example#x" }, /issuer/],
    ["with something that is no URL", { issuer: "idp.example" }, /issuer/],
    ["without claims", { claims: undefined }, /claims/],
    ["with claims in another word", { claims: "any" }, /claims/],
    ["with a claim twice", { claims: ["a", "a"] }, /claims/],
    ["with a wildcard domain", { email_domains: ["*.example.com"] }, /email_domains/],
    ["with a domain of one label", { email_domains: ["localhost"] }, /email_domains/],
    ["with an address as a domain", { email_domains: ["a@example.com"] }, /email_domains/],
    ["with the same domain in two spellings", { email_domains: ["a.example", "A.example"] }, /twice/],
    [
      "with the same domain in its letters and as A-labels",
      { email_domains: ["bücher.example", "xn--bcher-kva.example"] },
      /twice/,
    ],
    ["with a domain that only looks alike", { email_domains: ["\u212Aiosk.example"] }, /email_domains/],
    ["with an address of a machine", { email_domains: ["192.0.2.1"] }, /email_domains/],
    ["with two sources of keys", { jwks: KEYS, jwks_uri: "https://idp.example/k" }, /not both/],
    ["with keys fetched in the clear", { jwks_uri: "http://idp.example/k" }, /jwks_uri/],
    ["with keys inside", { jwks_uri: "https://[::127.0.0.1]/k" }, /jwks_uri: must be an https URL at a public host/],
    ["at a host inside", { issuer: "https://192.168.1.1" }, /issuer: must be at a public host/],
    ["at a name inside", { issuer: "https://idp.lan" }, /issuer: must be at a public host/],
    ["at another loopback than ours", { issuer: "https://localhost" }, /issuer: must be at a public host/],
    ["with no key that can verify", { jwks: { keys: [{ kty: "oct" }] } }, /jwks: must have a key for/],
    ["with a private key", { jwks: { keys: [{ ...KEYS.keys[0], d: "d" }] } }, /public key/],
    ["with an age of nothing", { max_token_age: 0 }, /max_token_age/],
    ["with an age in parts of seconds", { max_token_age: 1.5 }, /max_token_age/],
    ["with a member we do not know", { trust: true }, /trust: is not known/],
  ])("%s", (_, body, message) => {
    expect(() => parse(body)).toThrow(message);
  });
});

it("an issuer on loopback is in order where we are there ourselves", () => {
  const body = { issuer: "http://localhost:9000" };
  expect(parse(body, "http://localhost:8787").issuer).toBe("http://localhost:9000");
});

it.each([{ jwks: KEYS }, { jwks_uri: "https://keys.example/idp" }])(
  "an issuer inside is in order where nobody has to be asked there: %j",
  (keys) => {
    expect(parse({ issuer: "https://idp.internal", ...keys }).issuer).toBe("https://idp.internal");
  },
);

describe("the forms in which an issuer's word counts", () => {
  const ASKED = { endpoint: "https://idp.example/introspect", client_id: "usher", client_secret: "secret" };

  it("go by their usual names, unless the operator gives them others", () => {
    const claim_tokens = [
      { kind: "id_token" },
      { kind: "jwt", format: "pension_dashboard_rqp", typ: "application/RQP+jwt", claims: ["role"] },
      { kind: "access_token" },
    ];
    expect(parse({ claim_tokens, introspection: ASKED })).toMatchObject({
      formats: [
        { kind: "id_token", format: ID_TOKENS.format, typ: null, claims: "all" },
        { kind: "jwt", format: "pension_dashboard_rqp", typ: "rqp+jwt", claims: ["role"] },
        { kind: "access_token", format: "urn:ietf:params:oauth:token-type:access_token", typ: null, claims: "all" },
      ],
      introspection: { endpoint: ASKED.endpoint, clientId: "usher", secret: "secret" },
    });
  });

  it("are read as they were written, but for the secret", () => {
    const written = { ...BODY, client_id: "c1", claim_tokens: [{ kind: "jwt", format: "letter", claims: "all" }] };
    const { introspection, ...registration } = parseIssuerRegistration(written, OWN);
    const sealed = { endpoint: ASKED.endpoint, clientId: "usher", sealedSecret: "sealed" };
    const body = renderIssuer({ ...registration, id: "i1", introspection: sealed });
    expect(body).toMatchObject({ ...written, introspection: { endpoint: ASKED.endpoint, client_id: "usher" } });
    expect(JSON.stringify(body)).not.toContain("sealed");
  });

  it.each<[object, RegExp]>([
    [{ claim_tokens: [{ kind: "saml" }] }, /claim_tokens\[0\]\.kind: must be one of/],
    [{ claim_tokens: [{ kind: "jwt" }, { kind: "jwt" }] }, /two kinds the same format/],
    [{ claim_tokens: [{ kind: "jwt", format: "claim_tokens" }] }, /is the format of several together/],
    [{ claim_tokens: [{ kind: "jwt", typ: "not a type" }] }, /claim_tokens\[0\]\.typ: must be a media type/],
    [{ claim_tokens: Array.from({ length: 6 }, () => ({ kind: "jwt" })) }, /at most 5/],
    [{ claim_tokens: [{ kind: "access_token" }] }, /introspection: say where/],
    [{ introspection: ASKED }, /introspection: is for claim_tokens of the kind access_token/],
    [
      { claim_tokens: [{ kind: "access_token" }], introspection: { ...ASKED, endpoint: "https://10.0.0.1/x" } },
      /introspection\.endpoint: must be an https URL at a public host/,
    ],
    [{ client_id: "c1" }, /client_id: what a client vouches for/],
    [{ assertions: { kinds: ["jwt"] } }, /assertions: must be good for something/],
    [{ assertions: { kinds: [], access: true } }, /assertions\.kinds: must not be empty/],
    [{ assertions: { kinds: ["saml"], access: true } }, /assertions\.kinds\[0\]: must be one of/],
    [
      { client_id: "c1", claim_tokens: [{ kind: "jwt" }], assertions: { kinds: ["jwt"], access: true } },
      /client_id: a client trades no assertions of its own/,
    ],
    [{ client_id: "c1", claim_tokens: [{ kind: "id_token" }] }, /client_id: what a client vouches for/],
    [{ client_id: "c1", claim_tokens: [{ kind: "jwt" }], jwks: KEYS }, /client_id: the keys are those/],
  ])("are refused where they are at odds: %j", (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  it("of a client need nobody to be asked at a host", () => {
    const body = { issuer: "https://dashboard.internal", client_id: "c1", claim_tokens: [{ kind: "jwt" }] };
    expect(parse(body)).toMatchObject({ clientId: "c1", jwks: null, jwksUri: null });
  });
});
