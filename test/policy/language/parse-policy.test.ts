import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGroup, parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import { ProtocolError } from "../../../src/shared/error.ts";
import { complete, groupCases, minimal, policyCases } from "../documents.ts";
import { SEED } from "../support.ts";

/** What a parser says: null when it takes the document. Anything but a refusal of ours is thrown on. */
function faultOf(parse: (input: unknown) => unknown, input: unknown): string | null {
  try {
    parse(input);
    return null;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "invalid_request") return error.message;
    throw error;
  }
}

function toCase([fault, input]: readonly [string | null, unknown]) {
  return [fault ?? "accepted", (JSON.stringify(input) ?? "undefined").slice(0, 90), fault, input] as const;
}

describe("parsePolicy", () => {
  it.each(policyCases.map(toCase))("%s: %s", (_verdict, _text, fault, input) => {
    expect(faultOf(parsePolicy, input)).toBe(fault);
  });

  it("returns the document as it was written", () => {
    expect(parsePolicy(complete)).toEqual(complete);
    expect(parsePolicy(JSON.parse(JSON.stringify(minimal)))).toEqual(minimal);
  });

  it("survives a document nested deeper than the stack", () => {
    let who: unknown = {};
    for (let level = 0; level < 200_000; level += 1) who = { not: who };
    expect(faultOf(parsePolicy, { ...minimal, who })).toBe("body: must have at most 24 levels");
  });
});

describe("parseGroup", () => {
  it.each(groupCases.map(toCase))("%s: %s", (_verdict, _text, fault, input) => {
    expect(faultOf(parseGroup, input)).toBe(fault);
  });
});

describe("whatever is sent", () => {
  const spoiled = fc
    .tuple(fc.constantFrom(...Object.keys(complete), "other"), fc.jsonValue({ maxDepth: 4 }))
    .map(([member, value]) => ({ ...complete, [member]: value }));

  it("is taken or refused in characters that OAuth allows in an error_description", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), spoiled), (input) => {
        for (const parse of [parsePolicy, parseGroup]) {
          const fault = faultOf(parse, input);
          if (fault !== null) expect(fault).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,300}$/);
        }
      }),
      { seed: SEED },
    );
  });
});
