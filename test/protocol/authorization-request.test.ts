import { describe, expect, it } from "vitest";
import {
  bindCode,
  isSilent,
  parseAuthorizationRequest,
  parseResponseTarget,
  type SentParameters,
  signedInSince,
} from "../../src/protocol/authorization-request.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const URI = "https://app.example/cb";
const OTHER_URI = "https://app.example/other";
const CLIENT = clientNamed("app", { grantTypes: ["authorization_code"], redirectUris: [URI] });
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const NOW = 1_900_000_000;

const GOOD: Readonly<Record<string, string>> = {
  client_id: "app",
  redirect_uri: URI,
  response_type: "code",
  scope: "uma_protection",
  state: "xyz",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
};

function sent(changes: Readonly<Record<string, string>>, ...repeated: readonly string[]): SentParameters {
  const parameters: Readonly<Record<string, string>> = { ...GOOD, ...changes };
  return {
    get: (name) => parameters[name] || null,
    all: (name) => parameters[name]?.split(",") ?? [],
    repeated,
  };
}

function parse(changes: Readonly<Record<string, string>> = {}, ...repeated: readonly string[]) {
  const parameters = sent(changes, ...repeated);
  return parseAuthorizationRequest(parseResponseTarget(CLIENT, parameters), parameters, "ana");
}

it("a request is read with everything it says", () => {
  const more = { scope: "uma_policy uma_protection", prompt: "login consent", max_age: "60" };
  const hints = { login_hint: "ana@example.com", ui_locales: "de en" };
  expect(parse({ ...more, ...hints, foo: "bar" })).toEqual({
    clientId: "app",
    redirectUri: URI,
    isUriSent: true,
    state: "xyz",
    connectionScopes: ["uma_protection", "uma_policy"],
    identity: null,
    access: null,
    dpopJkt: null,
    codeChallenge: CHALLENGE,
    prompts: ["login", "consent"],
    maxAge: 60,
    loginHint: "ana@example.com",
    meantAccountId: "ana",
    uiLocales: "de en",
  });
});

describe("what is asked for by name (RFC 8707, RFC 9396)", () => {
  const MCP = "https://mcp.example/mcp";
  const code = (expected: string) => expect.objectContaining({ code: expected });

  it("is read beside scopes of its own, and without any", () => {
    const access = { resources: [MCP], scopes: ["view"], details: [] };
    expect(parse({ scope: "view", resource: MCP })).toMatchObject({ connectionScopes: [], access });
    expect(parse({ scope: "", resource: MCP }).access).toEqual({ ...access, scopes: null });
    const identity = { scopes: ["openid", "email"], nonce: null };
    expect(parse({ scope: "openid email view", resource: MCP })).toMatchObject({ access, identity });
    const details = JSON.stringify([{ type: "uma_resource", locations: [MCP] }]);
    expect(parse({ scope: "", authorization_details: details }).access?.details).toHaveLength(1);
  });

  it("is asked for by itself", () => {
    expect(() => parse({ resource: MCP })).toThrow(code("invalid_target"));
    expect(() => parse({ scope: "uma_protection view", resource: MCP })).toThrow(code("invalid_target"));
  });

  it("is what gives a scope its meaning", () => {
    expect(() => parse({ scope: "view" })).toThrow(code("invalid_scope"));
    expect(() => parse({ scope: "uma_protection view" })).toThrow(code("invalid_scope"));
  });
});

describe("the key of a code (RFC 9449 §10)", () => {
  const [key, other] = ["k".repeat(43), "o".repeat(43)];

  it("is the one that dpop_jkt names, or that is proved beside a pushed request", () => {
    expect(parse().dpopJkt).toBeNull();
    expect(parse({ dpop_jkt: key }).dpopJkt).toBe(key);
    expect(bindCode(parse(), key).dpopJkt).toBe(key);
    expect(bindCode(parse({ dpop_jkt: key }), key)).toEqual(parse({ dpop_jkt: key }));
  });

  it("is one key", () => {
    expect(() => bindCode(parse({ dpop_jkt: other }), key)).toThrow(/not the one that dpop_jkt names/);
  });

  it.each(["k", "k".repeat(42), "k".repeat(44), `${"k".repeat(42)}=`])("is not %j", (dpop_jkt) => {
    expect(() => parse({ dpop_jkt })).toThrow(/dpop_jkt must be/);
  });
});

it("who signs in is asked beside what is to be done, or alone", () => {
  const both = { scope: "profile uma_policy openid", nonce: "n-1" };
  expect(parse(both)).toMatchObject({
    connectionScopes: ["uma_policy"],
    identity: { scopes: ["openid", "profile"], nonce: "n-1" },
  });
  expect(parse({ scope: "openid" })).toMatchObject({
    connectionScopes: [],
    identity: { scopes: ["openid"], nonce: null },
  });
});

it("hints that are too long to be true are left out", () => {
  expect(parse({ login_hint: "a".repeat(321), ui_locales: "d".repeat(101) })).toMatchObject({
    loginHint: null,
    uiLocales: null,
  });
});

describe("where the response goes", () => {
  it("is the only registered URI where none is sent", () => {
    const target = parseResponseTarget(CLIENT, sent({ redirect_uri: "", state: "" }));
    expect(target).toEqual({ clientId: "app", redirectUri: URI, isUriSent: false, state: null });
  });

  it.each<[string, object, Readonly<Record<string, string>>, readonly string[], string]>([
    ["an unregistered URI", {}, { redirect_uri: "https://evil.example/" }, [], "invalid_request"],
    ["several URIs and none sent", { redirectUris: [URI, OTHER_URI] }, { redirect_uri: "" }, [], "invalid_request"],
    ["no URI at all", { redirectUris: [] }, { redirect_uri: "" }, [], "invalid_request"],
    ["a URI sent twice", {}, {}, ["redirect_uri"], "invalid_request"],
    ["a client named twice", {}, {}, ["client_id"], "invalid_request"],
    ["a client for other grants", { grantTypes: ["client_credentials"] }, {}, [], "unauthorized_client"],
    ["a state that is too long to travel", {}, { state: "s".repeat(1_025) }, [], "invalid_request"],
  ])("is nowhere with %s", (_, registration, changes, repeated, code) => {
    const client = { ...CLIENT, ...registration };
    expect(() => parseResponseTarget(client, sent(changes, ...repeated))).toThrow(expect.objectContaining({ code }));
  });

  it("has no state where two are sent: nobody knows which is meant", () => {
    expect(parseResponseTarget(CLIENT, sent({}, "state"))).toMatchObject({ state: null });
  });
});

describe("a request is refused", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["without a response type", { response_type: "" }, "invalid_request"],
    ["with an unknown one", { response_type: "foo" }, "unsupported_response_type"],
    ["for a token", { response_type: "token" }, "unsupported_response_type"],
    ["for more than a code", { response_type: "code token" }, "unsupported_response_type"],
    ["with a response in the fragment", { response_mode: "fragment" }, "invalid_request"],
    ["without a challenge", { code_challenge: "" }, "invalid_request"],
    ["with a challenge in the clear", { code_challenge_method: "plain" }, "invalid_request"],
    ["without the challenge's method", { code_challenge_method: "" }, "invalid_request"],
    ["with what is no digest", { code_challenge: "abc" }, "invalid_request"],
    ["without a scope", { scope: "" }, "invalid_scope"],
    ["with an unknown scope", { scope: "uma_protection address" }, "invalid_scope"],
    ["with what only means something beside openid", { scope: "uma_protection email" }, "invalid_scope"],
    ["with a nonce that is too long to travel", { scope: "openid", nonce: "n".repeat(513) }, "invalid_request"],
    ["with a malformed scope", { scope: 'uma_protection"' }, "invalid_scope"],
    ["with an unknown prompt", { prompt: "create" }, "invalid_request"],
    ["with none beside another prompt", { prompt: "none login" }, "invalid_request"],
    ["with an age that is no number", { max_age: "-1" }, "invalid_request"],
    ["with a state that is not ASCII", { state: "é" }, "invalid_request"],
    ["as an object by value", { request: "eyJ" }, "request_not_supported"],
    ["by reference to elsewhere", { request_uri: "https://app.example/r" }, "request_uri_not_supported"],
  ])("%s", (_, changes, code) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ code }));
  });

  it.each(["state", "scope", "code_challenge", "foo"])("with two of %s", (name) => {
    expect(() => parse({}, name)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("but not for a response in the query, which is what there is", () => {
    expect(parse({ response_mode: "query" })).toMatchObject({ redirectUri: URI });
  });
});

describe("a person must have signed in", () => {
  it.each([
    [{}, null],
    [{ prompt: "consent" }, null],
    [{ prompt: "login" }, NOW],
    [{ prompt: "select_account", max_age: "60" }, NOW],
    [{ max_age: "60" }, NOW - 60],
    [{ max_age: "0" }, NOW],
  ])("for %j since %s", (changes, since) => {
    expect(signedInSince(parse(changes as Record<string, string>), NOW)).toBe(since);
  });
});

it("a silent request shows nothing", () => {
  expect([isSilent(parse({ prompt: "none" })), isSilent(parse({ prompt: "login" }))]).toEqual([true, false]);
});
