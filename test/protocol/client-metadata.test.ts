import { describe, expect, it } from "vitest";
import { type MetadataTerms, parseClientMetadata, renderClientMetadata } from "../../src/protocol/client-metadata.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { OPEN_ALLOWANCE } from "../../src/protocol/registration-allowance.ts";
import { GRANT_TYPES } from "../../src/protocol/wire/client.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const config = { issuer: "https://as.example", profile: PROFILES.default.choices, clientCertificates: false };
const TERMS: MetadataTerms = { clientId: "c1", allowance: OPEN_ALLOWANCE, home: null, config };
const parse = (metadata: unknown, attested?: object) =>
  parseClientMetadata(metadata, TERMS, attested as Readonly<Record<string, unknown>>);
const refused = (code: string, said: string) =>
  expect.objectContaining({ code, status: 400, message: expect.stringContaining(said) });

describe("what a client says about itself", () => {
  it("is a registration without the operator's members", () => {
    const said = {
      client_name: "Folio",
      may_push_claims: true,
      redirects_errors: true,
      resource_identifiers: ["x"],
      foo: 1,
    };
    expect(parse(said)).toMatchObject({
      name: "Folio",
      mayPushClaims: false,
      redirectsErrors: false,
      resourceIdentifiers: [],
    });
  });

  it("takes null for what is left out", () => {
    expect(parse({ client_name: null, grant_types: null, jwks: null })).toMatchObject({ name: "c1", jwks: null });
  });

  it.each([
    [{}, ["urn:ietf:params:oauth:grant-type:uma-ticket"]],
    [{ redirect_uris: [] }, ["urn:ietf:params:oauth:grant-type:uma-ticket"]],
    [{ redirect_uris: ["https://a.example/"] }, ["authorization_code"]],
  ])("%j is for %j", (said, grantTypes) => {
    expect(parse(said).grantTypes).toEqual(grantTypes);
  });

  it("has the name that it has in a language where it has no other", () => {
    const { name, localizedNames } = parse({ "client_name#de-AT": "Mappe" });
    expect([name, localizedNames]).toEqual(["Mappe", { "de-AT": "Mappe" }]);
  });

  it.each([
    [{ redirect_uris: "https://a.example/" }, "invalid_redirect_uri", "redirect_uris: "],
    [{ claims_redirect_uris: ["/"] }, "invalid_redirect_uri", "claims_redirect_uris"],
    [
      { redirect_uris: ["https://a.example/", "https://as.example/x"] },
      "invalid_redirect_uri",
      "redirect_uris: must lead away",
    ],
    [
      { claims_redirect_uris: ["https://as.example/x"] },
      "invalid_redirect_uri",
      "claims_redirect_uris: must lead away",
    ],
    [{ post_logout_redirect_uris: ["/"] }, "invalid_client_metadata", "post_logout_redirect_uris"],
    [{ "client_name#de": 1 }, "invalid_client_metadata", "client_name#de: "],
    [{ "client_name#de": "" }, "invalid_client_metadata", "client_name#de: "],
    [
      { grant_types: ["client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"] },
      "invalid_client_metadata",
      "grant_types: client_credentials urn:ietf:params:oauth:grant-type:jwt-bearer is not for",
    ],
    [{ token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata", "private_key_jwt needs jwks"],
    [{ scope: "a\nb" }, "invalid_client_metadata", "scope"],
    ["a text", "invalid_client_metadata", "body: must be an object"],
    [null, "invalid_client_metadata", "body: must be an object"],
    [[], "invalid_client_metadata", "body: must be an object"],
  ])("%j is refused", (said, code, description) => {
    expect(() => parse(said)).toThrow(refused(code, description));
  });

  it("asks, and goes on with what was given: no more is open to anybody", () => {
    const isOpen = (grant: string) => {
      try {
        return parse({ grant_types: [grant], redirect_uris: ["https://a.example/"] }).grantTypes.length === 1;
      } catch {
        return false;
      }
    };
    const open = ["urn:ietf:params:oauth:grant-type:uma-ticket", "authorization_code", "refresh_token"];
    expect(GRANT_TYPES.filter(isOpen)).toEqual(open);
  });

  it.each([
    [[], "view uma_protection uma_policy", ["view"], []],
    [["uma_protection"], "uma_policy view uma_protection", ["view"], ["uma_protection"]],
    [["uma_protection", "uma_policy"], "view edit uma_policy", ["view", "edit"], ["uma_policy"]],
    [["uma_protection"], "view", ["view"], []],
  ] as const)("may ask people for %j alone: of the scope %j are left %j and %j", (...row) => {
    const [connectionScopes, scope, scopes, left] = row;
    const allowance = { ...OPEN_ALLOWANCE, connectionScopes, mayPushClaims: true };
    const registration = parseClientMetadata({ scope }, { ...TERMS, allowance });
    expect(registration).toMatchObject({ scopes, connectionScopes: left, mayPushClaims: true });
  });

  it("is refused where this server serves no such clients", () => {
    const strict = { ...TERMS, config: { ...config, profile: PROFILES.strict.choices } };
    expect(() => parseClientMetadata({}, strict)).toThrow(
      refused("invalid_client_metadata", "token_endpoint_auth_method: must be one of private_key_jwt"),
    );
    const confidential = {
      ...TERMS,
      config: { ...config, profile: { ...config.profile, clientAuthentication: "confidential" } },
    } as const;
    expect(() => parseClientMetadata({ token_endpoint_auth_method: "none" }, confidential)).toThrow(
      refused("invalid_client_metadata", "must be one of client_secret_basic, client_secret_post, private_key_jwt"),
    );
  });

  it("links to nowhere but where it sends people back to", () => {
    const redirect_uris = ["https://a.example/cb", "com.example.app:/cb"];
    const own = {
      client_uri: "https://a.example/",
      policy_uri: "https://b.example/",
      tos_uri: "https://a.example:8443/",
    };
    expect(parse({ redirect_uris, ...own })).toMatchObject({
      clientUri: "https://a.example/",
      policyUri: null,
      tosUri: null,
    });
    expect(parse({ redirect_uris: ["com.example.app:/cb"], client_uri: "https://a.example/" }).clientUri).toBeNull();
  });

  it("links to nowhere but its home where that is known", () => {
    const redirect_uris = ["https://a.example/cb"];
    const pages = { client_uri: "https://a.example/", policy_uri: "https://home.example/policy" };
    const terms = { ...TERMS, home: "https://home.example/client" };
    expect(parseClientMetadata({ redirect_uris, ...pages }, terms)).toMatchObject({
      clientUri: null,
      policyUri: "https://home.example/policy",
    });
  });

  it("links to where it sends people back with claims", () => {
    const claims_redirect_uris = ["https://a.example/claims"];
    expect(parse({ claims_redirect_uris, tos_uri: "https://a.example/tos" }).tosUri).toBe("https://a.example/tos");
  });

  it.each(["com.example.app:/cb", "http://localhost:9000/cb"])("links to no host that nobody owns: %s", (uri) => {
    const terms = { ...TERMS, config: { ...config, issuer: "http://localhost:8787" } };
    const said = { redirect_uris: [uri], client_uri: "http://localhost:9000/" };
    expect(parseClientMetadata(said, terms).clientUri).toBeNull();
  });

  it("links to wherever somebody else vouches for", () => {
    const pages = {
      client_uri: "https://folio.example/",
      policy_uri: "https://law.example/policy",
      tos_uri: "https://law.example/tos",
    };
    expect(parse({}, pages)).toMatchObject({
      clientUri: pages.client_uri,
      policyUri: pages.policy_uri,
      tosUri: pages.tos_uri,
    });
    // A word for one page is none for the others.
    const { policy_uri, ...own } = pages;
    expect(parse(own, { policy_uri })).toMatchObject({ clientUri: null, policyUri: policy_uri, tosUri: null });
  });

  it("is called in every language what somebody else vouches for", () => {
    const own = { client_name: "Bank", "client_name#de": "Sparkasse", scope: "view" };
    const said = ({ name, localizedNames, scopes }: ReturnType<typeof parse>) => ({ name, localizedNames, scopes });
    expect(said(parse(own, { client_name: "Folio" }))).toEqual({ name: "Folio", localizedNames: {}, scopes: ["view"] });
    const localizedNames = { de: "Sparkasse" };
    expect(said(parse(own, { scope: "edit" }))).toEqual({ name: "Bank", localizedNames, scopes: ["edit"] });
  });

  it("counts for less than what somebody else vouches for", () => {
    const attested = { client_name: "Folio", client_uri: "https://folio.example/", may_push_claims: true };
    const registration = parse({ client_name: "Bank", client_uri: "https://bank.example/" }, attested);
    expect(registration).toMatchObject({ name: "Folio", clientUri: "https://folio.example/", mayPushClaims: false });
  });
});

it("a client is told what it is registered as, in the words in which it says so", () => {
  const client = clientNamed("c1", {
    scopes: ["view"],
    connectionScopes: ["uma_protection"],
    localizedNames: { de: "Mappe" },
    mayPushClaims: true,
  });
  const told = renderClientMetadata(client);
  expect(told).toMatchObject({
    client_id: "c1",
    scope: "view uma_protection",
    "client_name#de": "Mappe",
    response_types: [],
  });
  for (const member of ["may_push_claims", "redirects_errors", "provenance", "redirect_uris"])
    expect(told).not.toHaveProperty(member);
});

it("a client is told where people are sent, and not what is empty", () => {
  const redirectUris = ["https://a.example/cb"];
  const told = renderClientMetadata(clientNamed("c1", { redirectUris, connectionScopes: [], grantTypes: [] }));
  expect(told).toMatchObject({ redirect_uris: redirectUris, grant_types: [], client_id_issued_at: 0 });
  for (const member of ["scope", "claims_redirect_uris", "post_logout_redirect_uris"])
    expect(told).not.toHaveProperty(member);
});
