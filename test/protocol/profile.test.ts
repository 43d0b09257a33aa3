import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { ClaimTokenFormat } from "../../src/protocol/claim-token-format.ts";
import {
  CHOICES,
  countedForms,
  mayIntrospect,
  PROFILE_NAMES,
  PROFILES,
  profilesKept,
  profileUri,
  servedMethods,
  withoutMeaningless,
} from "../../src/protocol/profile.ts";

const read = (settings: object) => readConfig({ ISSUER: "https://as.example", ...settings });
const settingOf = (choice: string) => choice.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

describe.each(PROFILE_NAMES)("the profile %s", (name) => {
  it("is what the configuration chooses under its name, and is then kept", () => {
    const config = read({ PROFILE: name });
    expect(config.profile).toEqual(PROFILES[name].choices);
    expect(config.patLifetime).toBe(PROFILES[name].lifetimes.pat);
    expect(profilesKept(config.profile)).toEqual([name]);
  });

  it.each(Object.entries(CHOICES))("gives way to a setting for %s, and is then not kept", (choice, words) => {
    const chosen: unknown = Reflect.get(PROFILES[name].choices, choice);
    for (const word of words) {
      const { profile } = read({ PROFILE: name, [settingOf(choice)]: word });
      expect(profile).toEqual({ ...PROFILES[name].choices, [choice]: word });
      expect(profilesKept(profile).includes(name)).toBe(word === chosen);
    }
  });
});

it("a lifetime that is set stands whatever the profile says", () => {
  expect(read({ PROFILE: "strict", PAT_LIFETIME: "3600" }).patLifetime).toBe(3600);
});

it("a profile is named by the page that tells of it", () => {
  expect(profileUri("https://as.example/tenant", "strict")).toBe("https://as.example/tenant/profile#strict");
});

it.each(["", "Bearer token", "https://as.example/token", "B".repeat(51)])("%j is no name of a token type", (name) => {
  expect(() => read({ BEARER_NAME: name })).toThrow("configuration: BEARER_NAME: ");
});

it.each([["PROFILE", "fapi"], ...Object.keys(CHOICES).map((choice) => [settingOf(choice), "perhaps"])])(
  "%s is one of its words, and the error names it",
  (name, value) => {
    expect(() => read({ [name as string]: value })).toThrow(`configuration: ${name}: `);
  },
);

describe("who may introspect without a PAT", () => {
  it.each([
    ["pat", "client_secret_basic", true, false],
    ["registered", "client_secret_basic", true, true],
    ["registered", "client_secret_basic", false, false],
    ["registered", "none", true, false],
    ["any", "client_secret_basic", false, true],
    ["any", "private_key_jwt", false, true],
    ["any", "none", true, false],
  ] as const)("%s: a client by %s, registered for it: %j", (...row) => {
    const [introspectionCallers, authenticationMethod, introspectsWithOwnCredentials, may] = row;
    expect(mayIntrospect({ introspectionCallers }, { authenticationMethod, introspectsWithOwnCredentials })).toBe(may);
  });
});

describe("which clients are served", () => {
  const SECRETS = ["client_secret_basic", "client_secret_post"];

  it.each([
    ["any", false, [...SECRETS, "private_key_jwt", "none"]],
    ["any", true, [...SECRETS, "private_key_jwt", "tls_client_auth", "none"]],
    ["confidential", false, [...SECRETS, "private_key_jwt"]],
    ["confidential", true, [...SECRETS, "private_key_jwt", "tls_client_auth"]],
    ["keys", false, ["private_key_jwt"]],
    ["keys", true, ["private_key_jwt", "tls_client_auth"]],
  ] as const)("%s, with certificates: %j", (clientAuthentication, clientCertificates, methods) => {
    expect(servedMethods({ profile: { clientAuthentication }, clientCertificates })).toEqual(methods);
  });
});

describe("in which forms the word of an issuer counts", () => {
  const form = (kind: ClaimTokenFormat["kind"]): ClaimTokenFormat => ({ kind, format: kind, typ: null, claims: "all" });
  const [idToken, jwt, accessToken] = [form("id_token"), form("jwt"), form("access_token")];

  it.each([
    ["any", [idToken, accessToken, jwt]],
    ["signed", [idToken, jwt]],
  ] as const)("%s", (claimTokens, counted) => {
    expect(countedForms({ claimTokens }, [idToken, accessToken, jwt])).toEqual(counted);
  });
});

it.each([
  ["ignore", ["view", "openid", "email"], ["view", "email"]],
  ["ignore", ["openid"], []],
  ["refuse", ["view", "openid", "email"], ["view", "openid", "email"]],
] as const)("with openid to %s, %j are %j", (openidScope, sent, left) => {
  expect(withoutMeaningless({ openidScope }, sent)).toEqual(left);
});
