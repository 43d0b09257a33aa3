import { describe, expect, it } from "vitest";
import { mergePatch } from "../../src/shared/merge-patch.ts";

/** The examples of RFC 7396, appendix A. */
const EXAMPLES: readonly (readonly [target: unknown, patch: unknown, result: unknown])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe("a JSON Merge Patch", () => {
  it.each(EXAMPLES)("of %j with %j makes %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it("changes neither the target nor the patch, and no prototype", () => {
    const target = { a: { b: 1 } };
    const patch: unknown = JSON.parse('{"a":{"c":2},"__proto__":{"polluted":true}}');
    const result = mergePatch(target, patch);
    expect(target).toEqual({ a: { b: 1 } });
    expect(JSON.stringify(result)).toBe('{"a":{"b":1,"c":2},"__proto__":{"polluted":true}}');
    expect({}).not.toHaveProperty("polluted");
  });
});
