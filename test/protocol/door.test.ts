import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { DoorStatement, doorStatement, grantedDetails, scopeOfPermissions, toDoor } from "../../src/protocol/door.ts";

const MCP = "https://mcp.example/mcp";
const DOOR = {
  resources: [MCP],
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
