import { describe, expect, it } from "vitest";
import { parseScope } from "../../src/protocol/scope.ts";

describe("a scope parameter", () => {
  it.each([
    ["", []],
    ["view", ["view"]],
    ["view  print view", ["view", "print"]],
    ["a,b", ["a,b"]],
    ["http://x.example/dev/scopes/print", ["http://x.example/dev/scopes/print"]],
  ])("%j is a set of words between spaces", (parameter, scopes) => {
    expect(parseScope(parameter)).toEqual(scopes);
  });

  it.each([
    ["nothing but blanks", "  "],
    ["nothing but a tab", "\t"],
    ["a quote", 'a"b'],
    ["a backslash", "a\\b"],
    ["a line break", "a\nb"],
    ["a letter outside ASCII", "é"],
    ["51 scopes", Array.from({ length: 51 }, (_, index) => `s${index}`).join(" ")],
    ["a long scope", "x".repeat(257)],
  ])("may not have %s", (_, parameter) => {
    expect(() => parseScope(parameter)).toThrow(expect.objectContaining({ code: "invalid_scope" }));
  });
});
