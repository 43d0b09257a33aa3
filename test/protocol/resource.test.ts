import { describe, expect, it } from "vitest";
import { parseResourceDescription } from "../../src/protocol/resource.ts";

describe("a resource description", () => {
  it("keeps what it does not know, and drops what the server sets", () => {
    const description = { resource_scopes: ["view"], x_more: { deep: [1] }, _id: "mine", user_access_policy_uri: "x" };
    expect(parseResourceDescription(description)).toEqual({ resource_scopes: ["view"], x_more: { deep: [1] } });
  });

  it.each([
    [
      "101 scopes",
      { resource_scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) },
      /resource_scopes: must have at most 100 entries/,
    ],
    ["a long scope", { resource_scopes: ["x".repeat(257)] }, /resource_scopes\[0\]: must have at most 256 characters/],
    ["a long name", { resource_scopes: [], name: "x".repeat(513) }, /name: must have at most 512 characters/],
    ["an empty name", { resource_scopes: [], name: "" }, /name: must not be empty/],
    [
      "a long tagged type",
      { resource_scopes: [], "type#fr": "x".repeat(257) },
      /type#fr: must have at most 256 characters/,
    ],
    ["a tag on something that is no string", { resource_scopes: [], "name#fr": 5 }, /name#fr: must be a string/],
    ["nothing about scopes", {}, /^resource_scopes: is missing$/],
    ["null for its scopes", { resource_scopes: null }, /^resource_scopes: is missing$/],
    ["null for a scope", { resource_scopes: [null] }, /resource_scopes\[0\]: must be a string/],
    ["a text", "view", /body: must be an object/],
  ])("may not have %s", (_, description, message) => {
    expect(() => parseResourceDescription(description)).toThrow(message);
  });

  it("takes null for what is left out, as real clients send it, and leaves extensions alone", () => {
    const nulls = { name: null, type: null, icon_uri: null, "name#fr": null };
    const description = { resource_scopes: ["view"], x_more: null, x_place: { altitude: null } };
    expect(parseResourceDescription({ ...description, ...nulls })).toEqual(description);
  });

  it("may be described with nothing, and names a scope that comes twice once", () => {
    const description = { resource_scopes: ["view", "edit", "view"], description: "" };
    expect(parseResourceDescription(description)).toEqual({ resource_scopes: ["view", "edit"], description: "" });
  });

  it("may tag members that are not for people as it likes", () => {
    expect(parseResourceDescription({ resource_scopes: [], "x_note#fr": 5 })).toHaveProperty(["x_note#fr"], 5);
  });
});
