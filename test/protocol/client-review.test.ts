import { describe, expect, it } from "vitest";
import type { Client } from "../../src/protocol/client.ts";
import { mayUseConnections, reviewClient } from "../../src/protocol/client-review.ts";
import { type Choices, PROFILES } from "../../src/protocol/profile.ts";
import { TOKEN_EXCHANGE_GRANT, UMA_TICKET_GRANT } from "../../src/protocol/wire/client.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const KEYS = { keys: [{ kty: "EC" }] };
const ANY = { profile: PROFILES.default.choices, clientCertificates: false };
const IDP = "https://idp.example";
const pathsOf = (more: Partial<Client>, trusted: readonly string[] = []) =>
  reviewClient(clientNamed("c", more), trusted, ANY).map(({ path }) => path);

describe("nothing is to be said of", () => {
  it.each<[string, Partial<Client>]>([
    ["an app that may push claims", {}],
    [
      "an app that people sign in to",
      { grantTypes: ["authorization_code"], mayPushClaims: false, scopes: ["openid", "email"] },
    ],
    ["an app that stays", { grantTypes: [UMA_TICKET_GRANT, "refresh_token"], scopes: ["view"] }],
    ["a resource server", { grantTypes: ["client_credentials"], mayPushClaims: false }],
    ["an app with its name at a trusted issuer", { issuerClientIds: { [IDP]: "app" } }],
    ["an app that sends people here", { mayPushClaims: false, claimsRedirectUris: ["https://app.example/back"] }],
    ["a client that signs", { jwks: KEYS }],
    ["a client that exchanges tokens, and stays", { grantTypes: [TOKEN_EXCHANGE_GRANT, "refresh_token"] }],
    [
      "an app that people connect",
      {
        grantTypes: ["authorization_code", "refresh_token"],
        redirectUris: ["https://app.example/cb"],
        requiresPushedRequests: true,
        mayPushClaims: false,
      },
    ],
    ["a client whose keys are elsewhere", { jwksUri: "https://app.example/keys" }],
  ])("%s", (_, more) => {
    expect(pathsOf(more, [IDP])).toEqual([]);
  });
});

describe("something is to be said of", () => {
  it.each<[string, Partial<Client>, readonly string[]]>([
    ["an app whose claims do not count", { mayPushClaims: false }, ["may_push_claims"]],
    ["a client that may ask for nothing", { grantTypes: [], mayPushClaims: false }, ["grant_types"]],
    [
      "a client that may renew what it can never have",
      { grantTypes: ["client_credentials", "refresh_token"], mayPushClaims: false },
      ["grant_types"],
    ],
    [
      "an exchange of tokens that do not count",
      { grantTypes: [TOKEN_EXCHANGE_GRANT], mayPushClaims: false },
      ["may_push_claims"],
    ],
    ["claims that nobody asks it for", { grantTypes: ["client_credentials"] }, ["may_push_claims"]],
    [
      "scopes that it cannot ask for",
      { grantTypes: ["client_credentials"], mayPushClaims: false, scopes: ["view"] },
      ["scope"],
    ],
    [
      "a name at an issuer whose tokens it may not push",
      { mayPushClaims: false, issuerClientIds: { [IDP]: "app" } },
      ["may_push_claims", "issuer_client_ids"],
    ],
    [
      "a page to come back to from where it sends nobody",
      { grantTypes: ["client_credentials"], mayPushClaims: false, claimsRedirectUris: ["https://app.example/back"] },
      ["claims_redirect_uris"],
    ],
    ["where to send people of whom nobody comes", { redirectUris: ["https://app.example/cb"] }, ["redirect_uris"]],
    ["how to ask where it may not", { requiresPushedRequests: true }, ["require_pushed_authorization_requests"]],
    ["keys beside a secret", { authenticationMethod: "client_secret_basic", jwks: KEYS }, ["jwks"]],
    [
      "keys elsewhere of a public client",
      { authenticationMethod: "none", jwksUri: "https://app.example/keys" },
      ["jwks_uri"],
    ],
  ])("%s", (_, more, paths) => {
    expect(pathsOf(more, [IDP])).toEqual(paths);
  });

  it("a name at an issuer that is not trusted, which is said by its identifier", () => {
    const client = clientNamed("c", { issuerClientIds: { [IDP]: "app", "https://idp.example/": "app" } });
    expect(reviewClient(client, [IDP], ANY)).toEqual([
      {
        path: "issuer_client_ids",
        message: expect.stringMatching(/^names https:\/\/idp\.example\/, which is not trusted/),
      },
    ]);
  });
});

it("a client acts for an owner by its own credentials or by consent, and by nothing else", () => {
  expect(mayUseConnections({ grantTypes: ["client_credentials"] })).toBe(true);
  expect(mayUseConnections({ grantTypes: ["authorization_code"] })).toBe(true);
  expect(mayUseConnections({ grantTypes: [UMA_TICKET_GRANT, "refresh_token"] })).toBe(false);
});

it.each([
  ["none", "confidential"],
  ["none", "keys"],
  ["client_secret_basic", "keys"],
  ["client_secret_post", "keys"],
] as const)("a client of the method %s is told to get nothing where clients are %s", (method, served) => {
  const paths = (clientAuthentication: "any" | typeof served) =>
    reviewClient(clientNamed("c", { authenticationMethod: method }), [], {
      ...ANY,
      profile: { ...ANY.profile, clientAuthentication },
    }).map(({ path }) => path);
  expect(paths(served)).toEqual(["token_endpoint_auth_method"]);
  expect(paths("any")).toEqual([]);
});

it("a resource server is told that its own credentials do not count for introspection, where they do not", () => {
  const paths = (introspectionCallers: Choices["introspectionCallers"], more: Partial<Client> = {}) =>
    reviewClient(clientNamed("rs", { introspectsWithOwnCredentials: true, ...more }), [], {
      ...ANY,
      profile: { ...ANY.profile, introspectionCallers },
    }).map(({ path }) => path);
  expect(paths("pat")).toEqual(["introspects_with_own_credentials"]);
  expect([paths("registered"), paths("any"), paths("pat", { introspectsWithOwnCredentials: false })]).toEqual([
    [],
    [],
    [],
  ]);
  expect(paths("any", { authenticationMethod: "none" })).toEqual(["introspects_with_own_credentials"]);
});

it("a client that proves itself by a certificate is told to get nothing where certificates are ignored", () => {
  const client = clientNamed("c", { authenticationMethod: "tls_client_auth", certificateSubject: "CN=c" });
  const paths = (clientCertificates: boolean) =>
    reviewClient(client, [], { ...ANY, clientCertificates }).map(({ path }) => path);
  expect(paths(false)).toEqual(["token_endpoint_auth_method"]);
  expect(paths(true)).toEqual([]);
});
