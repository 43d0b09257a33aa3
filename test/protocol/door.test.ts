import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  audienceOf,
  DoorStatement,
  doorStatement,
  grantedDetails,
  namedAccess,
  scopeOfPermissions,
  toDoor,
} from "../../src/protocol/door.ts";

const MCP = "https://mcp.example/mcp";
const [A, B] = ["https://a.example/", "https://b.example/"];
const DOOR = {
  resources: [{ resourceId: "r2", location: MCP }],
  details: [
    { resourceId: "r1", location: MCP, identifier: "log" },
    { resourceId: "r2", location: MCP, identifier: null },
  ],
};

describe("a door", () => {
  it("is read again as it was sealed", () => {
    const sealed = JSON.parse(JSON.stringify(doorStatement(DOOR)));
    expect(toDoor(v.parse(DoorStatement, sealed))).toEqual(DOOR);
  });

  it("tells each scope once, and none that a scope parameter cannot hold", () => {
    const permissions = [["view", "print"], ["view", "see all of it"], []];
    expect(scopeOfPermissions(permissions.map((resource_scopes) => ({ resource_scopes })))).toBe("view print");
  });

  it.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[], string]>([
    ["all of one", { a: ["view"] }, [A], "view"],
    ["the same of both", { a: ["view", "edit"], b: ["edit", "view"] }, [A, B], "view edit"],
    ["different things", { a: ["view", "edit"], b: ["edit", "print"] }, [A, B], "edit"],
    ["nothing in common", { a: ["view"], b: ["edit"] }, [A, B], ""],
    ["what is kept at one of them", { a: ["view"], log: ["view"] }, [A, B], ""],
    ["what is kept at one of them, and that", { b: ["view"], log: ["view", "edit"] }, [B], "view"],
  ])("is for the names of which something was granted, with what holds for each: %s", (_, granted, audience, scope) => {
    const names = audienceOf({
      resources: [
        { resourceId: "a", location: A },
        { resourceId: "b", location: B },
      ],
      details: [{ resourceId: "log", location: B, identifier: "log" }],
    });
    const permissions = Object.entries(granted).map(([resource_id, resource_scopes]) => ({
      resource_id,
      resource_scopes: [...resource_scopes],
    }));
    expect(namedAccess(names, permissions)).toEqual({ audience, scope });
  });

  it("says no scope that ends before the token does", () => {
    const names = audienceOf({ resources: [{ resourceId: "a", location: A }], details: [] });
    const permissions = [
      { resource_id: "a", resource_scopes: ["view"] },
      { resource_id: "a", resource_scopes: ["edit"], exp: 1_000 },
    ];
    expect(namedAccess(names, permissions)).toEqual({ audience: [A], scope: "view" });
  });

  it("tells of the details what was granted, and nothing of what was not (RFC 9396 §7)", () => {
    expect(grantedDetails(DOOR, [{ resource_id: "r1", resource_scopes: ["view"] }])).toEqual([
      { type: "uma_resource", locations: [MCP], identifier: "log", actions: ["view"] },
    ]);
    expect(grantedDetails(DOOR, [{ resource_id: "r2", resource_scopes: [] }])).toEqual([
      { type: "uma_resource", locations: [MCP], actions: [] },
    ]);
  });

  it("tells of a detail all that was granted, though some of it ends sooner", () => {
    const permissions = [
      { resource_id: "r2", resource_scopes: ["view"] },
      { resource_id: "r2", resource_scopes: ["edit"], exp: 1_000 },
    ];
    expect(grantedDetails(DOOR, permissions)).toEqual([
      { type: "uma_resource", locations: [MCP], actions: ["view", "edit"] },
    ]);
  });
});
