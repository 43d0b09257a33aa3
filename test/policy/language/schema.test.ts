import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGroup, parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import { policySchema } from "../../../src/policy/language/schema.ts";
import { describePolicy } from "../../../src/policy/speech/describe-policy.ts";
import { ProtocolError } from "../../../src/shared/error.ts";
import { conditions, documents, knownConditions } from "../arbitraries.ts";
import { complete, groupCases, minimal, policyCases } from "../documents.ts";
import { SEED } from "../support.ts";

const ISSUER = "https://usher.example";
const ajv = new Ajv2020({ strictSchema: true, allowUnionTypes: true });
const isPolicy = ajv.compile(policySchema(ISSUER));
const isGroup = ajv.compile({ $ref: `${ISSUER}/schemas/policy.json#/$defs/group` });

/** Refusals of the parser that a JSON Schema cannot state. */
const BEYOND_SCHEMA = [
  "body: must have at most",
  "who: must have at most",
  "who: has anyone",
  "who: would let in",
  "an email is compared with e-mail addresses",
  "domain: must be a domain",
  "must be an issuer identifier",
  "email: must be an e-mail address",
  "when: expires must be later",
  "when.expires: must be a date-time",
  "when.hours[0]: from and to",
  "when.hours[0].from: must be earlier",
  "when.hours[0].time_zone: must be a time zone",
  "where.networks[",
];

function faultOf(parse: (input: unknown) => unknown, input: unknown): string | null {
  try {
    parse(input);
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}

function expectAgreement(fault: string | null, valid: boolean): void {
  if (fault === null) expect(valid).toBe(true);
  else if (valid) expect(BEYOND_SCHEMA.filter((start) => fault.includes(start))).toHaveLength(1);
}

describe("the published schema", () => {
  it("is known under the issuer", () => {
    expect(policySchema(ISSUER)).toMatchObject({ $id: "https://usher.example/schemas/policy.json" });
  });

  it("agrees with the parser on every case of its tests", () => {
    for (const [fault, input] of policyCases) expectAgreement(fault, isPolicy(input));
    for (const [fault, input] of groupCases) expectAgreement(fault, isGroup(input));
  });

  it("agrees with the parser on documents made at random", () => {
    const spoiled = fc
      .tuple(fc.constantFrom(...Object.keys(complete), "other"), fc.jsonValue({ maxDepth: 3 }))
      .map(([member, value]) => ({ ...complete, [member]: value }));
    fc.assert(
      fc.property(fc.oneof(documents(knownConditions), documents(conditions), spoiled), (document) => {
        expectAgreement(faultOf(parsePolicy, document), isPolicy(document));
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it("and the parser take what can be read aloud", () => {
    fc.assert(
      fc.property(documents(knownConditions), (document) => {
        fc.pre(faultOf(parsePolicy, document) === null);
        expect(describePolicy(parsePolicy(document))).toMatch(/^(Permits|Denies) .+ on .+ to anyone.*\.$/);
      }),
      { seed: SEED },
    );
    expect(faultOf(parseGroup, { name: "Friends", members: [] })).toBeNull();
    expect(describePolicy(parsePolicy(minimal))).not.toContain("undefined");
  });
});
