import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseResourceDescription } from "../../src/protocol/resource.ts";
import { findScopeName, readableScope, readScopeNames } from "../../src/protocol/scope-names.ts";

const NAMES = readScopeNames({
  scope_names: { view: "view", "https://x.example/print": "print on paper" },
  "scope_names#de": { view: "ansehen" },
  "scope_names#fr-CA": { view: "voir" },
  scope_namesake: { view: "no" },
});

describe("what a resource server calls its scopes", () => {
  it("is found in a language, or else without one", () => {
    expect(findScopeName(NAMES, "view", "de")).toBe("ansehen");
    expect(findScopeName(NAMES, "view", "fr")).toBe("voir");
    expect(findScopeName(NAMES, "view", "it")).toBe("view");
    expect(findScopeName(NAMES, "https://x.example/print", "de")).toBe("print on paper");
    expect(findScopeName(NAMES, "constructor", "de")).toBeNull();
  });

  it("is nothing where something else stands under that member, as it may in what is kept", () => {
    for (const value of ["view", null, 5, ["view"], { view: 5 }, { view: "" }]) {
      expect(findScopeName(readScopeNames({ scope_names: value }), "view", "en")).toBeNull();
    }
  });

  it.each([
    ["a text", { scope_names: "view" }, /^scope_names: must be an object$/],
    ["an empty name", { scope_names: { view: "" } }, /^scope_names.view: must be one line/],
    ["a name that is no text", { "scope_names#de": { view: 5 } }, /^scope_names#de.view: must be a string$/],
    ["a long name", { scope_names: { view: "x".repeat(201) } }, /at most 200 characters/],
    [
      "101 names",
      { scope_names: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`s${n}`, "x"])) },
      /at most 100 members/,
    ],
  ])("may not be %s", (_, names, message) => {
    expect(() => parseResourceDescription({ resource_scopes: ["view"], ...names })).toThrow(message);
  });

  it("is kept as it was written", () => {
    const description = { resource_scopes: ["view"], scope_names: { view: "see it" }, "scope_names#de": { view: "x" } };
    expect(parseResourceDescription(description)).toEqual(description);
    expect(parseResourceDescription({ resource_scopes: [], scope_names: null })).toEqual({ resource_scopes: [] });
  });
});

describe("a scope that nobody named", () => {
  it.each([
    ["view", "view"],
    ["view_all_pages", "view all pages"],
    ["lab.read", "lab.read"],
    ["https://api.example/scopes/view_all", "view all"],
    ["https://api.example/scopes/view/", "view"],
    ["https://api.example/scopes#print", "print"],
    ["urn:example:scope:annotate", "annotate"],
    ["https://api.example/scopes/an%20notate", "an notate"],
    ["https://api.example/%E0%A4%A", "%E0%A4%A"],
    ["__", "__"],
  ])("%s reads as %s", (scope, word) => {
    expect(readableScope(scope)).toBe(word);
  });

  it("always reads as something", () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (scope) => readableScope(scope) !== ""));
  });
});
