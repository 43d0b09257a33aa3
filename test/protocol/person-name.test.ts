import { describe, expect, it } from "vitest";
import { parsePersonName } from "../../src/protocol/person-name.ts";

describe("a person's name", () => {
  it.each([
    ["Ana", "Ana"],
    ["   ", ""],
    ["  Ana  María\u00a0López ", "Ana María López"],
    ["李小龙", "李小龙"],
    ["נועה", "נועה"],
    ["Cafe\u0301", "Café"],
    ["👩‍⚕️", "👩‍⚕️"],
    ["x".repeat(100), "x".repeat(100)],
    ["\u202eanA\u202c\u2066", "anA"],
    ["\u200b\u00ad\ufeff\u200d", ""],
    ["\u3164\u2800", ""],
  ])("is what people type: %j", (typed, name) => {
    expect(parsePersonName(typed)).toBe(name);
  });

  it.each(["x".repeat(101), "two\nlines", "bell\u0007", "a\u2028b", "\ud800"])("is not %j", (typed) => {
    expect(parsePersonName(typed)).toBeNull();
  });
});
