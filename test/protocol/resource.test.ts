import { describe, expect, it } from "vitest";
import { parseResourceDescription } from "../../src/protocol/resource.ts";

describe("a resource description", () => {
  it("keeps what it does not know, and drops what the server sets", () => {
    const description = { resource_scopes: ["view"], x_more: { deep: [1] }, _id: "mine", user_access_policy_uri: "x" };
    expect(parseResourceDescription(description)).toEqual({ resource_scopes: ["view"], x_more: { deep: [1] } });
  });

  it.each([
    ["101 scopes", { resource_scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) }, /more than 100 scopes/],
    ["a long scope", { resource_scopes: ["x".repeat(257)] }, /resource_scopes\.0: must not be longer than 256/],
    ["a long name", { resource_scopes: [], name: "x".repeat(513) }, /name: must not be longer than 512/],
    ["an empty name", { resource_scopes: [], name: "" }, /name: must not be empty/],
    ["a long tagged type", { resource_scopes: [], "type#fr": "x".repeat(257) }, /type#fr: must be a text/],
    ["null for a name", { resource_scopes: [], name: null }, /name: must be a text/],
    ["a text", "view", /body: must be an object with resource_scopes/],
  ])("may not have %s", (_, description, message) => {
    expect(() => parseResourceDescription(description)).toThrow(message);
  });

  it("may tag members that are not for people as it likes", () => {
    expect(parseResourceDescription({ resource_scopes: [], "x_note#fr": 5 })).toHaveProperty(["x_note#fr"], 5);
  });
});
