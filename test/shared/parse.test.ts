import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../src/shared/error.ts";
import * as kit from "../../src/shared/parse.ts";

const three = kit.boundedText(3);
const pair = v.strictObject({ a: v.strictObject({ b: kit.listOf(three, 2) }) });
const sent = kit.sentObject({ a: three, b: v.exactOptional(three) });
const kinds = kit.byMember<{ a: { a: string }; b: { b: true } }>({
  a: v.strictObject({ a: three }),
  b: v.strictObject({ b: kit.yes }),
});

function faultOf(schema: v.GenericSchema<unknown, unknown>, input: unknown): string | null {
  try {
    kit.parseBody(schema, input);
    return null;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "invalid_request") return error.message;
    throw error;
  }
}

describe("the parser kit", () => {
  it.each<[string | null, v.GenericSchema<unknown, unknown>, unknown]>([
    ["body: must be an object", pair, null],
    ["body: must be an object", v.object({ a: three }), "a"],
    ["body: must be an object", v.looseObject({ a: three }), 1],
    ["a: is missing", pair, {}],
    ["a: is missing", v.object({ a: three }), {}],
    ["a: is missing", v.looseObject({ a: three }), {}],
    ["a.c: is not known", pair, { a: { b: [], c: 1 } }],
    ["a.b: must be a list", pair, { a: { b: "x" } }],
    ["a.b[1]: must be a string", pair, { a: { b: ["x", 1] } }],
    ["a.b: must have at most 2 entries", pair, { a: { b: ["x", "y", "z"] } }],
    ["body: must not be empty", three, ""],
    ["body: must have at most 3 characters", three, "four"],
    [null, kit.boundedString(3), ""],
    [null, sent, { a: "x", b: null }],
    ["a: is missing", sent, { a: null }],
    ["c: is not known", sent, { a: "x", c: 1 }],
    ["body: must be an object", sent, null],
    ["body: must not name anything twice", kit.setOf(three, 2), ["x", "x"]],
    [null, kit.setOf(three, 2), []],
    ["body: must not be empty", kit.nonEmptyListOf(three, 2), []],
    ["body: must not be empty", kit.oneOrListOf(three, 2), []],
    ["body: must be a string", kit.oneOrListOf(three, 2), 1],
    ["body: must be a list, or all", kit.allOr(kit.setOf(three, 2)), "any"],
    ["body: must be one of x, y", kit.oneOf(["x", "y"]), "z"],
    ["body: must be a number", kit.integer(1, 2), "1"],
    ["body: must be a whole number", kit.integer(1, 2), 1.5],
    ["body: must be at least 1", kit.integer(1, 2), 0],
    ["body: must be at most 2", kit.integer(1, 2), 3],
    ["body: must be a number of at most 2^53 - 1, on either side of 0", kit.exactNumber, Number.POSITIVE_INFINITY],
    ["body: must be a number of at most 2^53 - 1, on either side of 0", kit.exactNumber, 2 ** 53],
    [null, kit.exactNumber, -(2 ** 53) + 1],
    ["body: must be true", kit.yes, false],
    ["body: must be true or false", kit.trueOrFalse, "true"],
    ["body: must have at most 1 members", kit.recordOf(three, 1), { a: "x", b: "y" }],
    ["a: must be a string", kit.recordOf(three, 1), { a: 1 }],
    ["body: must be an object with exactly one of a, b", kinds, {}],
    ["body: must be an object with exactly one of a, b", kinds, { a: "x", b: true }],
    ["c: is not known", kinds, { a: "x", c: 1 }],
    ["body: must not be empty", kit.notEmpty(v.strictObject({ a: v.exactOptional(three) })), {}],
    ["a?b: is not known", v.strictObject({}), { 'a"b': 1 }],
  ])("says %j", (fault, schema, input) => {
    expect(faultOf(schema, input)).toBe(fault);
  });

  it("keeps the members of a record, whatever they are called", () => {
    const record = JSON.parse('{"__proto__":"x","constructor":"y","prototype":"z"}');
    const kept = kit.parseBody(kit.recordOf(three, 3), record);
    expect(JSON.stringify(kept)).toBe(JSON.stringify(record));
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(faultOf(kit.recordOf(three, 3), [])).toBe("body: must be an object");
    expect(faultOf(kit.recordOf(kinds, 3), { b: { a: 1 } })).toBe("b.a: must be a string");
  });

  it.each([" ", "\t\n", "\u00a0"])("takes no text of blanks: %j", (blank) => {
    expect(faultOf(three, blank)).toBe("body: must not be empty");
  });

  it("repeats no more of what was sent than a description may hold", () => {
    expect(faultOf(v.strictObject({}), { ["x".repeat(5_000)]: 1 })).toHaveLength(300);
  });

  it("bounds a document by its levels and by its bytes in UTF-8", () => {
    const size = (input: unknown) => () => kit.checkSize(input, 10, 2);
    expect(size([["€€"]])).toThrow("body: must have at most 10 bytes");
    expect(size([["abcd"]])).not.toThrow();
    expect(size([[[]]])).toThrow("body: must have at most 2 levels");
  });
});
