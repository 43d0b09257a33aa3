import { describe, expect, it } from "vitest";
import type { AccessDetail, AccessRequest } from "../../src/protocol/access-request.ts";
import { accessSaid, boundByAssertion } from "../../src/protocol/assertion-access.ts";
import type { JwtPayload } from "../../src/protocol/jwt.ts";

const US = "https://as.example";
const MCP = "https://mcp.example/mcp";
const OTHER = "https://other.example/";
const refusal = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

/** As an assertion has it written (RFC 9396 §2). */
const written = (location: string, more: object = {}) => ({ type: "uma_resource", locations: [location], ...more });
const detail = (location: string, more: Partial<AccessDetail> = {}): AccessDetail => ({
  location,
  identifier: null,
  actions: null,
  ...more,
});
const asking = (access: Partial<AccessRequest>): AccessRequest => ({
  resources: [],
  scopes: null,
  details: [],
  ...access,
});

describe("what an assertion names by itself", () => {
  it.each<[JwtPayload, AccessRequest | null]>([
    [{}, null],
    [{ resource: US }, null],
    [{ resource: [] }, null],
    [{ resource: 5 }, null],
    [{ resource: MCP }, asking({ resources: [MCP], scopes: ["view"] })],
    [{ resource: [US, MCP, 5, OTHER] }, asking({ resources: [MCP, OTHER], scopes: ["view"] })],
    [
      { resource: MCP, authorization_details: [written(OTHER)] },
      asking({ resources: [MCP], scopes: ["view"], details: [detail(OTHER)] }),
    ],
  ])("is what is asked for: %j", (payload, access) => {
    expect(accessSaid(payload, ["view"], US)).toEqual(access);
  });

  it("may be details alone, and then has no use for scopes", () => {
    const authorization_details = [written(MCP, { identifier: "log", actions: ["view"] })];
    const details = [detail(MCP, { identifier: "log", actions: ["view"] })];
    expect(accessSaid({ authorization_details }, null, US)).toEqual(asking({ details }));
    expect(() => accessSaid({ authorization_details }, ["view"], US)).toThrow(refusal("invalid_scope"));
  });

  it.each<[string, JwtPayload]>([
    ["invalid_target", { resource: "mcp" }],
    ["invalid_authorization_details", { authorization_details: [{ type: "payment" }] }],
    ["invalid_authorization_details", { authorization_details: null }],
  ])("is refused with %s where it cannot be understood: %j", (code, payload) => {
    expect(() => accessSaid(payload, null, US)).toThrow(refusal(code));
  });
});

describe("an assertion that says what it is for", () => {
  const given = (more: object, location = MCP) => ({ authorization_details: [written(location, more)] });

  it.each<[string, JwtPayload, Partial<AccessRequest>]>([
    ["nothing", {}, { resources: [MCP], details: [detail(OTHER)] }],
    ["the resource", { resource: MCP }, { resources: [MCP] }],
    ["the resource, otherwise written", { resource: "https://MCP.example/mcp" }, { resources: [MCP] }],
    ["more resources", { resource: ["urn:of:another:kind", OTHER, MCP] }, { resources: [MCP] }],
    ["the resource of a detail", { resource: MCP }, { details: [detail(MCP)] }],
    ["a detail", given({}), { details: [detail(MCP)] }],
    ["a detail with whatever can be had", given({}), { details: [detail(MCP, { actions: ["edit"] })] }],
    ["actions", given({ actions: ["view", "edit"] }), { details: [detail(MCP, { actions: ["edit"] })] }],
    ["a thing", given({ identifier: "log" }), { details: [detail(MCP, { identifier: "log" })] }],
    ["one of two details", { authorization_details: [written(OTHER), written(MCP)] }, { details: [detail(MCP)] }],
    ["a resource and a detail", { ...given({}), resource: OTHER }, { resources: [OTHER], details: [detail(MCP)] }],
    ["a detail and other scopes", { ...given({}), scope: "read" }, { details: [detail(MCP, { actions: ["edit"] })] }],
    ["scopes", { scope: "view edit" }, { resources: [MCP], scopes: ["view"] }],
    ["scopes of a detail", { scope: "view edit" }, { details: [detail(MCP, { actions: ["view", "edit"] })] }],
  ])("lets be asked for what it names: %s", (_, payload, access) => {
    expect(boundByAssertion(asking(access), payload)).toEqual(asking(access));
  });

  it.each<[string, JwtPayload, Partial<AccessRequest>]>([
    ["another resource", { resource: MCP }, { resources: [OTHER] }],
    ["another resource beside", { resource: MCP }, { resources: [MCP, OTHER] }],
    ["a resource where it names none that can be read", { resource: 5 }, { resources: [MCP] }],
    ["a resource where it names a detail there", given({}), { resources: [MCP] }],
    ["a detail elsewhere", { resource: MCP }, { details: [detail(OTHER)] }],
    ["a detail elsewhere than its own", given({}, OTHER), { details: [detail(MCP)] }],
    ["another thing", given({ identifier: "log" }), { details: [detail(MCP, { identifier: "list" })] }],
    ["everything where it names a thing", given({ identifier: "log" }), { details: [detail(MCP)] }],
    ["a thing elsewhere", given({ identifier: "a" }, OTHER), { details: [detail(MCP, { identifier: "a" })] }],
    ["another action", given({ actions: ["view"] }), { details: [detail(MCP, { actions: ["edit"] })] }],
    ["an action more", given({ actions: ["view"] }), { details: [detail(MCP, { actions: ["view", "edit"] })] }],
    ["whatever can be had", given({ actions: ["view"] }), { details: [detail(MCP)] }],
    ["a detail more", given({}), { details: [detail(MCP), detail(OTHER)] }],
  ])("is for nothing else: %s", (_, payload, access) => {
    const refused = refusal("invalid_target", /assertion/);
    expect(() => boundByAssertion(asking(access), payload)).toThrow(refused);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["another scope", { resources: [MCP], scopes: ["remove"] }],
    ["a scope more", { resources: [MCP], scopes: ["view", "remove"] }],
    ["another action of a detail", { details: [detail(MCP, { actions: ["remove"] })] }],
    ["whatever can be had of a detail", { details: [detail(MCP)] }],
    ["a detail beside scopes of its own", { resources: [OTHER], scopes: ["view"], details: [detail(MCP)] }],
  ])("is for no other scopes, and tells which: %s", (_, access) => {
    const refused = refusal("invalid_scope", /\bview edit$/);
    expect(() => boundByAssertion(asking(access), { scope: "view edit" })).toThrow(refused);
  });

  it("means its scopes where a request names resources and no scopes", () => {
    const access = boundByAssertion(asking({ resources: [MCP] }), { scope: "view edit" });
    expect(access).toEqual(asking({ resources: [MCP], scopes: ["view", "edit"] }));
  });

  it("is not good with details of a kind that may bound it to less", () => {
    const payload = { resource: MCP, authorization_details: [{ type: "payment" }] };
    const refused = refusal("invalid_authorization_details");
    expect(() => boundByAssertion(asking({ resources: [MCP] }), payload)).toThrow(refused);
  });
});
