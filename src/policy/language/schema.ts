import * as limits from "../../shared/limits.ts";
import { TRIMMED_LINE } from "../../shared/parse.ts";
import { COUNTRIES } from "./countries.ts";
import type { ConditionKind } from "./kinds.ts";
import { DATE_TIME, TIME_OF_DAY } from "./local-time.ts";
import { DOMAIN } from "./parse-condition.ts";
import { EMAIL } from "./parse-policy.ts";
import { DAYS, type TargetKinds } from "./policy.ts";

/**
 * The published JSON Schema of policies and groups. Editors and tools check documents with it before they send them;
 * what decides is the parser, which also knows the rules that a JSON Schema cannot state.
 *
 * @param issuer this server's issuer identifier, under which the schema is known.
 * @returns a JSON Schema (2020-12) of a policy; that of a group is `#/$defs/group` in it.
 */
export function policySchema(issuer: string): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${issuer}/schemas/policy.json`,
    title: "Usher policy",
    ...POLICY,
    $defs: { condition: { oneOf: Object.values(CONDITIONS) }, claim_test: CLAIM_TEST, group: GROUP },
  };
}

const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const line = (maxLength: number) => ({ type: "string", minLength: 1, maxLength, pattern: TRIMMED_LINE.source });
const word = line(limits.MAX_WORD_CHARACTERS);
const identifier = line(limits.MAX_IDENTIFIER_CHARACTERS);
const patterned = (pattern: RegExp) => ({ ...word, allOf: [{ pattern: pattern.source }] });
const nonEmptyListOf = (items: object, maxItems: number) => ({ type: "array", items, minItems: 1, maxItems });
const oneOrListOf = (item: object, maxItems: number) => ({ anyOf: [item, nonEmptyListOf(item, maxItems)] });
const integer = (minimum: number, maximum: number) => ({ type: "integer", minimum, maximum });
const yes = { const: true };
const number = { type: "number", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const scalar = { anyOf: [word, number, { type: "boolean" }] };

/** An object in which nothing else may stand. */
function strict(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

function notEmpty(optional: Readonly<Record<string, object>>) {
  return { ...strict({}, optional), minProperties: 1 };
}

const OPERATORS = {
  equals: scalar,
  one_of: nonEmptyListOf(scalar, limits.MAX_ONE_OF_VALUES),
  domain: patterned(DOMAIN),
  exists: yes,
  greater_than: number,
  at_least: number,
  less_than: number,
  at_most: number,
};

const CLAIM_TEST = {
  ...strict({ claim: word }, { issuer: oneOrListOf(identifier, limits.MAX_CLAIM_ISSUERS), ...OPERATORS }),
  oneOf: Object.keys(OPERATORS).map((operator) => ({ required: [operator] })),
  if: { properties: { claim: { const: "sub" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nobody awaits a schema
  then: { required: ["issuer"] },
};

const CONDITIONS: { readonly [Kind in ConditionKind]: object } = {
  anyone: strict({ anyone: yes }),
  all: strict({ all: nonEmptyListOf(ref("condition"), limits.MAX_CONDITIONS) }),
  any: strict({ any: nonEmptyListOf(ref("condition"), limits.MAX_CONDITIONS) }),
  not: strict({ not: ref("condition") }),
  group: strict({ group: word }),
  client: strict({ client: oneOrListOf(identifier, limits.MAX_CLIENTS) }),
  claim: ref("claim_test"),
};

const TARGETS: { readonly [Kind in keyof TargetKinds]: object } = {
  resources: strict({ resources: nonEmptyListOf(word, limits.MAX_TARGET_RESOURCES) }),
  type: strict({ type: word }),
  all: strict({ all: yes }),
};

const HOURS = strict(
  { from: patterned(TIME_OF_DAY), to: patterned(TIME_OF_DAY), time_zone: word },
  { days: nonEmptyListOf({ enum: DAYS }, DAYS.length) },
);

const AGREEMENT = strict({
  title: line(limits.MAX_NAME_CHARACTERS),
  text: { type: "string", maxLength: limits.MAX_AGREEMENT_CHARACTERS, pattern: "\\S" },
});

const POLICY = {
  ...strict(
    {
      effect: { enum: ["permit", "deny"] },
      target: { oneOf: Object.values(TARGETS) },
      scopes: { anyOf: [{ const: "all" }, nonEmptyListOf(word, limits.MAX_SCOPES_PER_POLICY)] },
      who: ref("condition"),
    },
    {
      name: line(limits.MAX_NAME_CHARACTERS),
      when: notEmpty({
        not_before: patterned(DATE_TIME),
        expires: patterned(DATE_TIME),
        hours: nonEmptyListOf(HOURS, limits.MAX_HOURS_WINDOWS),
      }),
      where: notEmpty({
        networks: nonEmptyListOf(word, limits.MAX_NETWORKS),
        countries: nonEmptyListOf({ enum: COUNTRIES }, limits.MAX_COUNTRIES),
      }),
      terms: notEmpty({
        approval: yes,
        signed_in_within: integer(limits.MIN_SIGN_IN_AGE_SECONDS, limits.MAX_SIGN_IN_AGE_SECONDS),
        agreement: AGREEMENT,
        token_lifetime: integer(limits.MIN_TOKEN_LIFETIME_SECONDS, limits.MAX_TOKEN_LIFETIME_SECONDS),
        uses: integer(limits.MIN_USES, limits.MAX_USES),
      }),
    },
  ),
  if: { properties: { effect: { const: "deny" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nobody awaits a schema
  then: { properties: { terms: false } },
};

const GROUP = strict({
  name: line(limits.MAX_NAME_CHARACTERS),
  members: {
    type: "array",
    maxItems: limits.MAX_GROUP_MEMBERS,
    items: { oneOf: [strict({ email: patterned(EMAIL) }), strict({ issuer: identifier, subject: word })] },
  },
});
