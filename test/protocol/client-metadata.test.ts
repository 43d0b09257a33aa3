import { describe, expect, it } from "vitest";
import { parseClientMetadata, renderClientMetadata } from "../../src/protocol/client-metadata.ts";
import { nameIn } from "../../src/protocol/localized-names.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { OPEN_ALLOWANCE } from "../../src/protocol/registration-allowance.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const config = { issuer: "https://as.example", profile: PROFILES.default.choices, clientCertificates: false };
const TERMS = { clientId: "c1", allowance: OPEN_ALLOWANCE, home: null, config };
const parse = (metadata: unknown, attested?: object) =>
  parseClientMetadata(metadata, TERMS, attested as Readonly<Record<string, unknown>>);

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
    [{ redirect_uris: "https://a.example/" }, "invalid_redirect_uri"],
    [{ claims_redirect_uris: ["/"] }, "invalid_redirect_uri"],
    [{ "client_name#de": 1 }, "invalid_client_metadata"],
    [{ "client_name#de": "" }, "invalid_client_metadata"],
    [{ grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    [{ token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    [{ scope: "a\nb" }, "invalid_client_metadata"],
    ["a text", "invalid_client_metadata"],
  ])("%j is refused", (said, code) => {
    expect(() => parse(said)).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  it("is refused where this server serves no such clients", () => {
    const strict = { ...TERMS, config: { ...config, profile: PROFILES.strict.choices } };
    expect(() => parseClientMetadata({}, strict)).toThrow(expect.objectContaining({ code: "invalid_client_metadata" }));
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

it.each([
  ["de", "Mappe"],
  ["fr", "Dossier"],
  ["en", "Folio"],
])("in %s it is called %s", (language, name) => {
  const localizedNames = { "DE-at": "Mappe in Wien", De: "Mappe", "fr-CA": "Dossier", "end-x": "no" };
  expect(nameIn(language, { name: "Folio", localizedNames })).toBe(name);
});
