import { describe, expect, it } from "vitest";
import { isTaggedName, nameIn, renderLocalizedNames, takeLocalizedNames } from "../../src/protocol/localized-names.ts";
import { MAX_LOCALIZED_NAMES, MAX_NAME_CHARACTERS } from "../../src/shared/limits.ts";

const namesIn = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`client_name#de-${index}`, "Mappe"]));

it.each([
  ["client_name#de", true],
  ["client_name#gsw", true],
  ["client_name#zh-Hant-TW", true],
  ["client_name#sl-rozaj", true],
  ["client_name#de-1996", true],
  ["client_name#de-abcdefgh", true],
  ["client_name#de-abcdefghi", false],
  ["client_name#d", false],
  ["client_name#deut", false],
  ["client_name#d1", false],
  ["client_name#de-", false],
  ["client_name#de_AT", false],
  ["client_name#", false],
  ["client_name", false],
  ["tos_uri#de", false],
  ["my_client_name#de", false],
])("%s is a name with a language tag: %s", (member, isOne) => {
  expect(isTaggedName(member)).toBe(isOne);
});

describe("names that bear a language tag", () => {
  it("are taken out of a registration, and written as they were sent", () => {
    const names = { "client_name#de": "Mappe", "client_name#fr-CA": "Dossier" };
    const rest = { client_name: "Folio", scope: "view", jwks: null };
    const taken = takeLocalizedNames({ ...rest, ...names });
    expect(taken).toEqual({ names: { de: "Mappe", "fr-CA": "Dossier" }, rest });
    expect(renderLocalizedNames(taken.names)).toEqual(names);
  });

  it("are left out where they are null", () => {
    expect(takeLocalizedNames({ "client_name#de": null })).toEqual({ names: {}, rest: {} });
  });

  it.each([undefined, null, "text", 1, [["client_name#de", "Mappe"]]])("are none in %j", (input) => {
    expect(takeLocalizedNames(input)).toEqual({ names: {}, rest: input });
  });

  it.each([
    [{ "client_name#de": 1 }, "client_name#de: must be a string"],
    [{ "client_name#de": " " }, "client_name#de: must not be empty"],
    [{ "client_name#de": "\u200b" }, "client_name#de: must have something to be seen"],
    [{ "client_name#de": "a".repeat(MAX_NAME_CHARACTERS + 1) }, "client_name#de: must have at most"],
    [namesIn(MAX_LOCALIZED_NAMES + 1), "must have at most"],
  ])("are refused as %j", (input, message) => {
    const refusal = { code: "invalid_request", message: expect.stringContaining(message) };
    expect(() => takeLocalizedNames(input)).toThrow(expect.objectContaining(refusal));
  });

  it("may be as long, and as many, as the bounds say", () => {
    const longest = "a".repeat(MAX_NAME_CHARACTERS);
    expect(takeLocalizedNames({ "client_name#de": longest }).names).toEqual({ de: longest });
    expect(Object.keys(takeLocalizedNames(namesIn(MAX_LOCALIZED_NAMES)).names)).toHaveLength(MAX_LOCALIZED_NAMES);
  });
});

it.each([
  ["de", "Mappe"],
  ["fr", "Dossier"],
  ["en", "Folio"],
])("in %s it is called %s", (language, name) => {
  const localizedNames = { "DE-at": "Mappe in Wien", De: "Mappe", "FR-CA": "Dossier", "end-x": "no" };
  expect(nameIn(language, { name: "Folio", localizedNames })).toBe(name);
});
