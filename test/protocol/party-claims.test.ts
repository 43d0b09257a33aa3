import { describe, expect, it } from "vitest";
import { parsePartyClaims } from "../../src/protocol/claims.ts";
import { party } from "../policy/support.ts";

describe("claims that come out of their seal", () => {
  it("are as they went in, whatever their names are", () => {
    const kept = party({ role: "doctor", age: 17, member: false, groups: ["a", 5, true], constructor: "x" });
    expect(parsePartyClaims(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    expect(parsePartyClaims({ ...kept, authenticatedAt: null })).toEqual({ ...kept, authenticatedAt: null });
  });

  it.each([
    ["nothing", null],
    ["no claims", { ...party(), claims: undefined }],
    ["null for claims", { ...party(), claims: null }],
    ["a text for claims", { ...party(), claims: "role" }],
    ["an empty list for claims", { ...party(), claims: [] }],
    ["an object for a value", { ...party(), claims: { role: "doctor", address: {} } }],
    ["null in a list", { ...party(), claims: { role: "doctor", groups: [null] } }],
    ["a number for the subject", { ...party(), subject: 5 }],
  ])("are none when there is %s", (_, statement) => {
    expect(parsePartyClaims(statement)).toBeNull();
  });
});
