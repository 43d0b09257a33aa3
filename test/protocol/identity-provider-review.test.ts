import { describe, expect, it } from "vitest";
import type { Discovery } from "../../src/protocol/discovery.ts";
import type { IdentityProvider } from "../../src/protocol/identity-provider.ts";
import { reviewProvider, reviewProviderMetadata } from "../../src/protocol/identity-provider-review.ts";

const PROVIDER: IdentityProvider = {
  id: "p1",
  issuer: "https://op.example",
  name: "Lakeside ID",
  clientId: "usher",
  authenticationMethod: "private_key_jwt",
  signingAlgorithm: "ES256",
  assertionAudience: "issuer",
  signsRequests: true,
  scopes: ["openid", "email"],
  acrValues: ["high"],
  acceptedLevels: ["high"],
  prompt: null,
  claims: ["email"],
  emailDomains: "all",
  maxClaimsAge: null,
  enabled: true,
  publicKeys: [],
  sealedCredentials: "",
};
const METADATA: Discovery = {
  issuer: "https://op.example",
  jwks_uri: "https://op.example/keys",
  authorization_endpoint: "https://op.example/authorize",
  token_endpoint: "https://op.example/token",
  response_types_supported: ["code", "id_token"],
  code_challenge_methods_supported: ["plain", "S256"],
  id_token_signing_alg_values_supported: ["none", "RS256"],
  token_endpoint_auth_methods_supported: ["private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ["ES256"],
  request_object_signing_alg_values_supported: ["ES256"],
  acr_values_supported: ["low", "high"],
  scopes_supported: ["openid", "email"],
};
const { issuer, jwks_uri, authorization_endpoint, token_endpoint } = METADATA;
const SCANTY: Discovery = {
  issuer,
  jwks_uri,
  authorization_endpoint: `${authorization_endpoint}`,
  token_endpoint: `${token_endpoint}`,
};

const pathsOf = (warnings: readonly { readonly path: string }[]) => warnings.map(({ path }) => path);

it("nothing is to be said of a provider that goes with its entry", () => {
  expect(reviewProvider(PROVIDER)).toEqual([]);
  expect(reviewProviderMetadata(PROVIDER, METADATA)).toEqual([]);
});

it("a provider that does not say what it supports may support anything", () => {
  const { authenticationMethod } = { authenticationMethod: "client_secret_basic" as const };
  expect(reviewProviderMetadata({ ...PROVIDER, authenticationMethod }, SCANTY)).toEqual([]);
});

it("a provider that does not say how clients authenticate takes a secret in the header (OIDC Discovery §3)", () => {
  expect(pathsOf(reviewProviderMetadata(PROVIDER, SCANTY))).toEqual(["token_endpoint_auth_method"]);
});

describe("something is to be said of an entry", () => {
  it.each<[string, Partial<IdentityProvider>, readonly string[]]>([
    ["that speaks for nothing", { claims: [], emailDomains: [] }, ["claims"]],
    ["that asks for a level and does not accept it", { acrValues: ["high", "low"] }, ["acr_values[1]"]],
    ["that speaks for addresses which it is not asked for", { scopes: ["openid"] }, ["scope"]],
  ])("%s", (_, changes, paths) => {
    expect(pathsOf(reviewProvider({ ...PROVIDER, ...changes }))).toEqual(paths);
  });
});

describe("something is to be said of a provider", () => {
  it.each<[string, Partial<Discovery>, readonly string[]]>([
    ["without code flow", { response_types_supported: ["id_token"] }, ["issuer"]],
    ["without S256", { code_challenge_methods_supported: ["plain"] }, ["issuer"]],
    ["that signs in no way we know", { id_token_signing_alg_values_supported: ["none", "HS256"] }, ["issuer"]],
    [
      "that takes other proofs of who we are",
      { token_endpoint_auth_methods_supported: ["tls_client_auth"] },
      ["token_endpoint_auth_method"],
    ],
    [
      "that takes other assertions",
      { token_endpoint_auth_signing_alg_values_supported: ["RS256"] },
      ["client_signing_alg"],
    ],
    [
      "that takes other request objects",
      { request_object_signing_alg_values_supported: ["PS256"] },
      ["client_signing_alg"],
    ],
    ["that knows no such level", { acr_values_supported: ["low"] }, ["acr_values"]],
    ["that knows no such scope", { scopes_supported: ["openid"] }, ["scope"]],
  ])("%s", (_, changes, paths) => {
    expect(pathsOf(reviewProviderMetadata(PROVIDER, { ...METADATA, ...changes }))).toEqual(paths);
  });

  it("without its endpoints", () => {
    expect(pathsOf(reviewProviderMetadata(PROVIDER, { issuer, jwks_uri }))).toEqual([
      ...["issuer", "issuer", "token_endpoint_auth_method"],
    ]);
  });
});
