import { describe, expect, it } from "vitest";
import { isFetchable, isRedirectable, isUriAsWritten } from "../../src/shared/uri.ts";

const ISSUER = "https://as.example";

describe("a URI as it is written", () => {
  it.each([
    "https://idp.example",
    "https://idp.example/",
    "https://idp.example:8443/a/b;c=d,e?x=y&z=%20#part",
    "https://xn--bcher-kva.example/b%C3%BCcher",
    "https://[2001:db8::1]/",
    "com.example.app:/back",
    "data:image/png;base64,AA==",
    "urn:example:a",
  ])("may be %s", (uri) => {
    expect(isUriAsWritten(uri)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["a path", "/a"],
    ["a blank inside", "https://idp.example/a b"],
    ["a blank at its end", "https://idp.example/ "],
    ["a line end", "https://idp.example/\n"],
    ["a tab", "https://idp.exa\tmple/"],
    ["a zero width space", "https://idp.example/\u200b"],
    ["backslashes", "https:\\\\idp.example\\a"],
    ["one backslash", "https://idp.example/a\\b"],
    ["other letters", "https://idp.example/bücher"],
    ["a host in other letters", "https://bücher.example/"],
    ["an upper-case host", "https://IDP.example/"],
    ["the default port", "https://idp.example:443/"],
    ["a step up", "https://idp.example/a/../b"],
    ["a step up in escapes", "https://idp.example/a/%2E%2e/b"],
    ["half an escape", "https://idp.example/%2"],
    ["a user", "https://me@idp.example/"],
    ["a password", "https://:x@idp.example/"],
    ["one slash", "https:/idp.example/"],
    ["three slashes", "https:///idp.example/"],
    ["a short IPv4 address", "https://127.1/"],
    ["braces", "https://idp.example/{tenant}"],
  ])("may not have %s", (_, uri) => {
    expect(isUriAsWritten(uri)).toBe(false);
    expect(isFetchable(uri, ISSUER)).toBe(false);
    expect(isRedirectable(uri)).toBe(false);
  });
});
