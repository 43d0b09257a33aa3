import { describe, expect, it } from "vitest";
import { locationsOf, parseAccessRequest, parseResources } from "../../src/protocol/access-request.ts";
import { MAX_AUTHORIZATION_DETAILS, MAX_RESOURCE_IDENTIFIERS } from "../../src/shared/limits.ts";

const MCP = "https://mcp.example/mcp";
const NOTHING = { resources: [], scopes: null, authorizationDetails: null };
const details = (...entries: readonly object[]) => JSON.stringify(entries);
const DETAIL = { type: "uma_resource", locations: [MCP] };

describe("what a client asks for by name", () => {
  it("is nothing where it names no resource", () => {
    expect(parseAccessRequest({ ...NOTHING, scopes: ["view"] })).toBeNull();
  });

  it("is resources and what to do with them, each once", () => {
    const asked = { resources: ["https://MCP.example/mcp", MCP], scopes: ["view", "offline_access"] };
    expect(parseAccessRequest({ ...NOTHING, ...asked })).toEqual({ resources: [MCP], scopes: ["view"], details: [] });
  });

  it.each([[null], [[]], [["offline_access"]]])("is whatever can be had where no scope says what: %j", (scopes) => {
    expect(parseAccessRequest({ ...NOTHING, resources: [MCP], scopes })?.scopes).toBeNull();
  });

  it("is what authorization_details say, for each location (RFC 9396)", () => {
    const sent = details(DETAIL, {
      ...DETAIL,
      locations: [MCP, "https://two.example/"],
      identifier: "log",
      actions: ["view", "view"],
    });
    expect(parseAccessRequest({ ...NOTHING, authorizationDetails: sent })?.details).toEqual([
      { location: MCP, identifier: null, actions: null },
      { location: MCP, identifier: "log", actions: ["view"] },
      { location: "https://two.example/", identifier: "log", actions: ["view"] },
    ]);
  });

  it.each([
    ["no JSON", "x"],
    ["no list", JSON.stringify(DETAIL)],
    ["an empty list", "[]"],
    ["another type", details({ ...DETAIL, type: "payment" })],
    ["no location", details({ type: "uma_resource" })],
    ["a location that is none", details({ ...DETAIL, locations: ["mcp"] })],
    ["a member that is not known", details({ ...DETAIL, privileges: ["x"] })],
    ["an action that is no text", details({ ...DETAIL, actions: [1] })],
    ["too many", details(...Array.from({ length: MAX_AUTHORIZATION_DETAILS + 1 }, () => DETAIL))],
  ])("is refused with %s", (_, authorizationDetails) => {
    const refusal = expect.objectContaining({ code: "invalid_authorization_details" });
    expect(() => parseAccessRequest({ ...NOTHING, authorizationDetails })).toThrow(refusal);
  });

  it("is refused where a scope has no resource that it could be of", () => {
    const sent = { ...NOTHING, scopes: ["view"], authorizationDetails: details(DETAIL) };
    expect(() => parseAccessRequest(sent)).toThrow(expect.objectContaining({ code: "invalid_scope" }));
  });

  it.each([[["mcp"]], [["https://mcp.example/#x"]], [Array.from({ length: 6 }, (_, index) => `${MCP}/${index}`)]])(
    "names a target that there can be: %j",
    (resources) => {
      const refusal = expect.objectContaining({ code: "invalid_target" });
      expect(() => parseResources(resources)).toThrow(refusal);
      expect(() => parseAccessRequest({ ...NOTHING, resources })).toThrow(refusal);
    },
  );

  it("has an end, because it travels in URLs", () => {
    const long = (index: number) => `https://mcp.example/${index}${"a".repeat(480)}`;
    const resources = Array.from({ length: MAX_RESOURCE_IDENTIFIERS }, (_, index) => long(index));
    const refusal = expect.objectContaining({ code: "invalid_request" });
    expect(() => parseAccessRequest({ ...NOTHING, resources })).toThrow(refusal);
  });

  it("is for every location that it names", () => {
    const detail = { location: "https://two.example/", identifier: null, actions: null };
    expect(locationsOf({ resources: [MCP], details: [detail, { ...detail, location: MCP }] })).toEqual([
      MCP,
      "https://two.example/",
    ]);
  });
});
