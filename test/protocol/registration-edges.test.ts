import { describe, expect, it } from "vitest";
import { parseClientRegistration, renderClient, usesSecret } from "../../src/protocol/client-registration.ts";
import { parseIssuerRegistration, renderIssuer } from "../../src/protocol/issuer-registration.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";
import { ID_TOKEN_FORMAT } from "../../src/protocol/wire/claims.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const US = "https://as.example";
/** A key of 2,048 bits, which is the least that counts. */
const KEYS = { keys: [{ kty: "RSA", n: "A".repeat(342), e: "AQAB" }] };
const KEYS_URI = "https://a.example/keys";
const SECRET = "a secret of forty characters: 0123456789";

const ofClient = (body: object) => parseClientRegistration({ client_name: "Printer", ...body }, US);
const ofIssuer = (body: object) =>
  parseIssuerRegistration({ issuer: "https://idp.example", claims: "all", email_domains: [], ...body }, US);
const refusal = (message: string) =>
  expect.objectContaining({ code: "invalid_request", message: expect.stringContaining(message) });

describe("how a client may authenticate", () => {
  it.each([
    ["client_secret_basic", true],
    ["client_secret_post", true],
    ["private_key_jwt", false],
    ["none", false],
  ] as const)("%s uses a secret: %s", (method, uses) => {
    expect(usesSecret(method)).toBe(uses);
    const body = { token_endpoint_auth_method: method, client_secret: SECRET, jwks: KEYS };
    if (uses) expect(ofClient(body)).toMatchObject({ authenticationMethod: method, clientSecret: SECRET });
    else expect(() => ofClient(body)).toThrow(refusal(`client_secret: ${method} uses no secret`));
  });

  it("with keys that it sends, or with keys that it names, and not with both", () => {
    const method = { token_endpoint_auth_method: "private_key_jwt" };
    expect(ofClient({ ...method, jwks: KEYS })).toMatchObject({ jwks: KEYS, jwksUri: null });
    expect(ofClient({ ...method, jwks_uri: KEYS_URI })).toMatchObject({ jwks: null, jwksUri: KEYS_URI });
    expect(() => ofClient(method)).toThrow(refusal("private_key_jwt needs jwks or jwks_uri"));
    expect(() => ofClient({ ...method, jwks: KEYS, jwks_uri: KEYS_URI })).toThrow(refusal("not both"));
  });

  it("for itself only where it proves who it is", () => {
    const grant = { grant_types: ["client_credentials"] };
    expect(ofClient(grant).grantTypes).toEqual(["client_credentials"]);
    expect(ofClient({ token_endpoint_auth_method: "none", grant_types: ["refresh_token"] }).grantTypes).toEqual([
      "refresh_token",
    ]);
    expect(() => ofClient({ ...grant, token_endpoint_auth_method: "none" })).toThrow(
      refusal("grant_types: client_credentials is not for clients without authentication"),
    );
  });
});

describe("null in a registration", () => {
  it("stands for an optional member that is left out", () => {
    const nulls = { client_secret: null, grant_types: null, scope: null, jwks: null, jwks_uri: null, rpt_format: null };
    expect(ofClient(nulls)).toEqual(ofClient({}));
    expect(ofIssuer({ jwks: null, jwks_uri: null, audiences: null, max_token_age: null })).toEqual(ofIssuer({}));
  });

  it("is no value for what must be there, nor inside of a list", () => {
    expect(() => ofClient({ client_name: null })).toThrow(refusal("client_name: is missing"));
    expect(() => ofClient({ grant_types: [null] })).toThrow(refusal("grant_types[0]: must be one of"));
    expect(() => ofIssuer({ claims: null })).toThrow(refusal("claims: is missing"));
  });
});

describe("a client's ids at issuers", () => {
  const ids = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`https://idp${index}.example`, "id"]));

  it("are as many as a client may have", () => {
    expect(ofClient({ issuer_client_ids: ids(20) }).issuerClientIds).toEqual(ids(20));
    expect(() => ofClient({ issuer_client_ids: ids(21) })).toThrow(refusal("must have at most 20 members"));
  });
});

describe("what the operator reads of a client", () => {
  const client = clientNamed("c1", { scopes: ["view", "print"], secretHash: "hash", createdAt: 1_000 });
  const read = {
    client_id: "c1",
    client_name: "c1",
    token_endpoint_auth_method: "private_key_jwt",
    grant_types: ["urn:ietf:params:oauth:grant-type:uma-ticket"],
    scope: "view print",
    response_types: [],
    redirect_uris: [],
    require_pushed_authorization_requests: false,
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: false,
    id_token_signed_response_alg: "RS256",
    subject_type: "pairwise",
    post_logout_redirect_uris: [],
    claims_redirect_uris: [],
    redirects_errors: false,
    may_push_claims: true,
    issuer_client_ids: {},
    rpt_format: "jwt",
    introspects_with_own_credentials: false,
    connection_scopes: ["uma_protection", "uma_policy"],
    provenance: "operator",
    client_id_issued_at: 1_000,
  };

  it("is everything but its secret", () => {
    expect(renderClient(client)).toEqual(read);
  });

  it("says where its keys are, if it has some", () => {
    expect(renderClient({ ...client, jwks: KEYS })).toEqual({ ...read, jwks: KEYS });
    expect(renderClient({ ...client, jwksUri: KEYS_URI })).toEqual({ ...read, jwks_uri: KEYS_URI });
  });
});

describe("an issuer", () => {
  it("may speak for all claims and all domains, where that is said", () => {
    expect(ofIssuer({ email_domains: "all" })).toMatchObject({ claims: "all", emailDomains: "all" });
    expect(() => ofIssuer({ claims: "any" })).toThrow(refusal("must be a list, or all"));
    expect(() => ofIssuer({ email_domains: "" })).toThrow(refusal("must be a list, or all"));
  });

  it("has keys here, or keys that it names, or neither, and not both", () => {
    expect(ofIssuer({ jwks: KEYS })).toMatchObject({ jwks: KEYS, jwksUri: null });
    expect(ofIssuer({ jwks_uri: KEYS_URI })).toMatchObject({ jwks: null, jwksUri: KEYS_URI });
    expect(ofIssuer({})).toMatchObject({ jwks: null, jwksUri: null });
    expect(() => ofIssuer({ jwks: KEYS, jwks_uri: KEYS_URI })).toThrow(refusal("send jwks or jwks_uri, not both"));
  });

  it("is read as it was written", () => {
    const trusted: TrustedIssuer = {
      id: "i1",
      issuer: "https://idp.example",
      jwks: null,
      jwksUri: null,
      audiences: ["portal"],
      claims: ["email"],
      emailDomains: ["example.com"],
      maxTokenAge: null,
      ...DEFAULT_ISSUER_DETAILS,
    };
    const read = {
      id: "i1",
      issuer: "https://idp.example",
      audiences: ["portal"],
      claims: ["email"],
      email_domains: ["example.com"],
      claim_tokens: [{ kind: "id_token", format: ID_TOKEN_FORMAT, claims: "all" }],
    };
    expect(renderIssuer(trusted)).toEqual(read);
    expect(renderIssuer({ ...trusted, jwks: KEYS })).toEqual({ ...read, jwks: KEYS });
    expect(renderIssuer({ ...trusted, jwksUri: KEYS_URI })).toEqual({ ...read, jwks_uri: KEYS_URI });
    expect(renderIssuer({ ...trusted, maxTokenAge: 60 })).toEqual({ ...read, max_token_age: 60 });
  });
});
