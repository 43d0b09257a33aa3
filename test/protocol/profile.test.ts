import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import {
  CHOICES,
  mayIntrospect,
  PROFILE_NAMES,
  PROFILES,
  profilesKept,
  profileUri,
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
