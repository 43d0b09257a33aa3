import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { describedAs, jsonSchemaOf } from "../../src/shared/json-schema.ts";
import {
  allOr,
  boundedString,
  byMember,
  integer,
  listOf,
  nonEmptyListOf,
  oneOf,
  oneOrListOf,
  recordOf,
  sentObject,
  setOf,
  trueOrFalse,
  yes,
} from "../../src/shared/parse.ts";

const short = boundedString(3);
const SHORT = { type: "string", maxLength: 3 };

describe("a schema is described as what it takes", () => {
  it.each<[string, v.GenericSchema, object]>([
    ["anything", v.unknown(), {}],
    ["a text", short, SHORT],
    [
      "a text of a form",
      v.pipe(v.string(), v.length(2), v.regex(/^a/u)),
      { type: "string", minLength: 2, maxLength: 2, pattern: "^a" },
    ],
    [
      "a text of two forms",
      v.pipe(v.string(), v.regex(/^a/u), v.regex(/z$/u)),
      { type: "string", pattern: "^a", allOf: [{ pattern: "z$" }] },
    ],
    ["a whole number", integer(1, 5), { type: "integer", minimum: 1, maximum: 5 }],
    ["a flag", trueOrFalse, { type: "boolean" }],
    ["a member that says something by being there", yes, { const: true }],
    ["one of some words", oneOf(["a", "b"]), { enum: ["a", "b"] }],
    ["a list", listOf(short, 2), { type: "array", items: SHORT, maxItems: 2 }],
    ["a list that says something", nonEmptyListOf(short, 2), { type: "array", items: SHORT, maxItems: 2, minItems: 1 }],
    ["a set", setOf(short, 2), { type: "array", items: SHORT, maxItems: 2 }],
    [
      "one or several",
      oneOrListOf(short, 2),
      { anyOf: [SHORT, { type: "array", items: SHORT, maxItems: 2, minItems: 1 }] },
    ],
    [
      "all or some",
      allOr(listOf(short, 2)),
      { anyOf: [{ const: "all" }, { type: "array", items: SHORT, maxItems: 2 }] },
    ],
    ["an address", v.union([v.pipe(v.string(), v.ipv4())]), { anyOf: [{ type: "string", format: "ipv4" }] }],
    ["members of any name", recordOf(short, 4), { type: "object", additionalProperties: SHORT, maxProperties: 4 }],
    ["what somebody else says", describedAs(v.unknown(), () => ({ $ref: "x" })), { $ref: "x" }],
  ])("%s", (_, schema, described) => {
    expect(jsonSchemaOf(schema)).toEqual(described);
  });

  it("an object, with what must be in it and what may", () => {
    const object = sentObject({ a: short, b: v.exactOptional(short), c: v.optional(short, "x") });
    expect(jsonSchemaOf(object)).toEqual({
      type: "object",
      properties: { a: SHORT, b: SHORT, c: { ...SHORT, default: "x" } },
      required: ["a"],
      additionalProperties: false,
    });
  });

  it.each([
    ["passes over", v.object({ a: short })],
    ["keeps", v.looseObject({ a: short })],
  ])("an object that %s what it does not know", (_, object) => {
    expect(jsonSchemaOf(object)).toEqual({ type: "object", properties: { a: SHORT }, required: ["a"] });
  });

  it("an object whose kind is told by a member", () => {
    const kinds = byMember<{ a: { a: string }; b: { b: true } }>({
      a: v.strictObject({ a: short }),
      b: v.strictObject({ b: yes }),
    });
    const only = (name: string, member: object) => ({
      type: "object",
      properties: { [name]: member },
      required: [name],
      additionalProperties: false,
    });
    expect(jsonSchemaOf(kinds)).toEqual({ anyOf: [only("a", SHORT), only("b", { const: true })] });
  });
});

it("a schema that decides by a function that nobody described is refused", () => {
  expect(() => jsonSchemaOf(v.lazy(() => short))).toThrow("lazy");
});
