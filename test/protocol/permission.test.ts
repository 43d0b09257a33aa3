import { describe, expect, it } from "vitest";
import { findRequestFault, parsePermissionRequest } from "../../src/protocol/permission.ts";

const photo = { id: "photo", resourceServerId: "rs1", type: null, collections: [], scopes: ["view", "print"] };

describe("a permission request", () => {
  it("is one object or several, and one entry for each resource", () => {
    const view = { resource_id: "photo", resource_scopes: ["view"] };
    expect(parsePermissionRequest(view)).toEqual([{ resourceId: "photo", scopes: ["view"] }]);
    const entries = [
      view,
      { resource_id: "song", resource_scopes: [] },
      { ...view, resource_scopes: ["print", "view"] },
    ];
    expect(parsePermissionRequest(entries)).toEqual([
      { resourceId: "photo", scopes: ["view", "print"] },
      { resourceId: "song", scopes: [] },
    ]);
  });

  it.each([
    [
      "51 scopes",
      { resource_id: "photo", resource_scopes: Array.from({ length: 51 }, () => "s") },
      /at most 50 entries/,
    ],
    [
      "a long id",
      { resource_id: "x".repeat(257), resource_scopes: [] },
      /resource_id: must have at most 256 characters/,
    ],
    ["no id", { resource_scopes: [] }, /^resource_id: is missing$/],
    ["an empty scope", { resource_id: "photo", resource_scopes: [""] }, /resource_scopes\[0\]: must not be empty/],
  ])("may not have %s", (_, request, message) => {
    expect(() => parsePermissionRequest(request)).toThrow(message);
  });
});

describe("what is requestable", () => {
  it.each([
    ["a scope of the resource", ["view"]],
    ["no scope", []],
  ])("is %s", (_, scopes) => {
    expect(findRequestFault([{ resourceId: "photo", scopes }], [photo])).toBeNull();
  });

  it("fails for an unknown resource before an unknown scope", () => {
    const requested = [
      { resourceId: "photo", scopes: ["fly"] },
      { resourceId: "song", scopes: ["play"] },
    ];
    expect(findRequestFault(requested, [photo])).toEqual(expect.objectContaining({ code: "invalid_resource_id" }));
    expect(findRequestFault(requested.slice(0, 1), [photo])).toEqual(
      expect.objectContaining({ code: "invalid_scope" }),
    );
  });
});
