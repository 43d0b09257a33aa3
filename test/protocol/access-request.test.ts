import { describe, expect, it } from "vitest";
import {
  checkAskedFor,
  checkOwnTarget,
  locationsOf,
  parseAccessRequest,
  parseResources,
} from "../../src/protocol/access-request.ts";
import {
  MAX_AUTHORIZATION_DETAILS,
  MAX_REQUESTED_ACCESS_CHARACTERS,
  MAX_RESOURCE_IDENTIFIERS,
} from "../../src/shared/limits.ts";

const MCP = "https://mcp.example/mcp";
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${MCP}/${index}`);
const NOTHING = { resources: [], scopes: null, authorizationDetails: null };
const details = (...entries: readonly object[]) => JSON.stringify(entries);
const refused = (code: string, said: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(said) });
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
    const refusal = refused("invalid_authorization_details", "of type uma_resource with locations");
    expect(() => parseAccessRequest({ ...NOTHING, authorizationDetails })).toThrow(refusal);
  });

  it("is refused where a scope has no resource that it could be of", () => {
    const sent = { ...NOTHING, scopes: ["view"], authorizationDetails: details(DETAIL) };
    expect(() => parseAccessRequest(sent)).toThrow(refused("invalid_scope", "send resource, or actions"));
  });

  it.each([
    [["mcp"], "https URI without a fragment"],
    [["https://mcp.example/#x"], "https URI without a fragment"],
    [numbered(MAX_RESOURCE_IDENTIFIERS + 1), `at most ${MAX_RESOURCE_IDENTIFIERS} times`],
  ])("names a target that there can be: %j", (resources, said) => {
    const refusal = refused("invalid_target", said);
    expect(() => parseResources(resources)).toThrow(refusal);
    expect(() => parseAccessRequest({ ...NOTHING, resources })).toThrow(refusal);
  });

  it("names as many targets as the bound says", () => {
    const resources = numbered(MAX_RESOURCE_IDENTIFIERS);
    expect(parseAccessRequest({ ...NOTHING, resources })?.resources).toEqual(resources);
  });

  it("has an end, because it travels in URLs", () => {
    const most = { ...NOTHING, resources: numbered(1), scopes: [""] };
    const rest = MAX_REQUESTED_ACCESS_CHARACTERS - JSON.stringify(parseAccessRequest(most)).length;
    expect(parseAccessRequest({ ...most, scopes: ["a".repeat(rest)] })).not.toBeNull();
    const refusal = refused("invalid_request", "name fewer resources or scopes");
    expect(() => parseAccessRequest({ ...most, scopes: ["a".repeat(rest + 1)] })).toThrow(refusal);
  });

  it("is for every location that it names", () => {
    const detail = { location: "https://two.example/", identifier: null, actions: null };
    expect(locationsOf({ resources: [MCP], details: [detail, { ...detail, location: MCP }] })).toEqual([
      MCP,
      "https://two.example/",
    ]);
  });
});

describe("what is named once more", () => {
  const ASKED = [MCP, "https://two.example/"];

  it.each([[[]], [[MCP]], [["https://two.example/", MCP]]])("may be %j", (named) => {
    expect(() => checkAskedFor(ASKED, named)).not.toThrow();
  });

  it.each([[["https://three.example/"]], [[MCP, "https://three.example/"]]])("may not be %j", (named) => {
    const refusal = refused("invalid_target", "this authorization is not about");
    expect(() => checkAskedFor(ASKED, named)).toThrow(refusal);
  });

  it.each([[[]], [["https://as.example/"]]])("for this server itself may be %j", (named) => {
    expect(() => checkOwnTarget("https://as.example", named)).not.toThrow();
  });

  it.each([[[MCP]], [["https://as.example/", MCP]]])("for this server itself may not be %j", (named) => {
    const refusal = refused("invalid_target", "this authorization is not about");
    expect(() => checkOwnTarget("https://as.example", named)).toThrow(refusal);
  });
});
