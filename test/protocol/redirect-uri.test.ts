import { describe, expect, it } from "vitest";
import { isRegistered, withParameters } from "../../src/protocol/redirect-uri.ts";

describe("a redirection URI is registered", () => {
  it.each([
    ["https://app.example/cb", "https://app.example/cb"],
    ["https://app.example/cb?a=1", "https://app.example/cb?a=1"],
    ["com.example.app:/cb", "com.example.app:/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"],
    ["http://127.0.0.1:8080/cb", "http://127.0.0.1:1/cb"],
    ["http://127.0.0.1:8080/cb", "http://127.0.0.1/cb"],
    ["http://[::1]/cb", "http://[::1]:1/cb"],
    ["http://localhost/cb?x=:1", "http://localhost:1/cb?x=:1"],
    ["http://localhost", "http://localhost:8080"],
  ])("as %s when it is %s", (registered, uri) => {
    expect(isRegistered(["https://other.example/", registered], uri)).toBe(true);
  });

  it.each([
    ["https://app.example/cb", "https://app.example/cb/"],
    ["https://app.example/cb", "https://app.example/CB"],
    ["https://app.example/cb", "https://APP.example/cb"],
    ["https://app.example/cb", "https://app.example/cb?x=1"],
    ["https://app.example/cb", "https://app.example/cb/more"],
    ["https://app.example/cb", "https://app.example/"],
    ["https://app.example/cb", "https://app.example:443/cb"],
    ["https://app.example/cb", "https://app.example:8443/cb"],
    ["https://app.example/cb", "https://evil@app.example/cb"],
    ["https://app.example/cb", "https://app.example/cb#"],
    ["https://app.example/cb", "http://app.example/cb"],
    ["https://app.example/cb", "https://app.example.evil.example/cb"],
    ["https://localhost/cb", "https://localhost:1/cb"],
    ["http://127.0.0.1/cb", "http://localhost:1/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.2:1/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:1/other"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:1/cb?x=1"],
    ["http://127.0.0.1/cb", "http://evil@127.0.0.1:1/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:1\\@evil.example/cb"],
    ["http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"],
    ["http://127.0.0.1/cb", "http://127.1:1/cb"],
    ["com.example.app:/cb", "com.example.app:/cb?x=1"],
    ["https://app.example/cb", ""],
  ])("as %s, but not when it is %s", (registered, uri) => {
    expect(isRegistered([registered], uri)).toBe(false);
  });

  it("as none when none is", () => {
    expect(isRegistered([], "https://app.example/cb")).toBe(false);
  });
});

describe("parameters are added", () => {
  it.each([
    ["https://app.example/cb", "https://app.example/cb?code=c"],
    ["https://app.example/cb?", "https://app.example/cb?code=c"],
    ["https://app.example/cb?a=1", "https://app.example/cb?a=1&code=c"],
    ["https://app.example/cb?a=1&", "https://app.example/cb?a=1&code=c"],
    ["com.example.app:/cb", "com.example.app:/cb?code=c"],
  ])("to %s", (uri, location) => {
    expect(withParameters(uri, { code: "c", state: null })).toBe(location);
  });

  it("so that they read the same again", () => {
    const state = "a b&c=d%/?#+'\"";
    const location = withParameters("https://app.example/cb", { state, iss: "https://as.example/t" });
    expect(Object.fromEntries(new URL(location).searchParams)).toEqual({ state, iss: "https://as.example/t" });
  });
});
