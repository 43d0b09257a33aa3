import * as v from "valibot";
import type { ClaimScalar } from "../../protocol/claims.ts";
import { CLAIM_OPERATORS } from "./claim-operators.ts";
import { countConditions, depthOf, negatesAnyone } from "./condition-rules.ts";
import {
  MAX_CLAIM_ISSUERS,
  MAX_CLIENTS,
  MAX_CONDITION_DEPTH,
  MAX_CONDITIONS,
  MAX_ONE_OF_VALUES,
  MAX_WORD_CHARACTERS,
} from "./limits.ts";
import { byMember, identifier, line, listOf, oneOrListOf, word, yes } from "./parse-word.ts";
import type { ClaimTest, Condition } from "./policy.ts";

export const DOMAIN = /^[^\s@.]+(\.[^\s@.]+)+$/u;

const number = v.pipe(v.number("must be a number"), v.finite("must be a finite number"));
const scalar = v.lazy((input): v.GenericSchema<unknown, ClaimScalar> => {
  if (typeof input === "string") return word;
  return typeof input === "number" ? number : v.boolean("must be a text, a number, true or false");
});
const domain = v.pipe(line(MAX_WORD_CHARACTERS), v.regex(DOMAIN, "must be a domain such as example.com, without an @"));

const claimMembers: v.GenericSchema<unknown, ClaimTest> = v.strictObject({
  claim: word,
  issuer: v.exactOptional(oneOrListOf(identifier, MAX_CLAIM_ISSUERS)),
  equals: v.exactOptional(scalar),
  one_of: v.exactOptional(listOf(scalar, MAX_ONE_OF_VALUES)),
  domain: v.exactOptional(domain),
  exists: v.exactOptional(yes),
  greater_than: v.exactOptional(number),
  at_least: v.exactOptional(number),
  less_than: v.exactOptional(number),
  at_most: v.exactOptional(number),
});

const claimTest = v.pipe(
  claimMembers,
  v.check(hasOneOperator, `must have exactly one of ${CLAIM_OPERATORS.join(", ")}`),
  v.check(namesSubject, "a sub means a person only together with its issuer, so name the issuer"),
);

function hasOneOperator(test: ClaimTest): boolean {
  return CLAIM_OPERATORS.filter((operator) => Object.hasOwn(test, operator)).length === 1;
}

/** Two issuers can use one subject for two people (OIDC Core §5.7). */
function namesSubject(test: ClaimTest): boolean {
  return test.claim !== "sub" || test.issuer !== undefined;
}

const part = v.lazy((): v.GenericSchema<unknown, Condition> => anyCondition);
const parts = listOf(part, MAX_CONDITIONS);

const anyCondition = byMember<Condition>({
  anyone: v.strictObject({ anyone: yes }),
  all: v.strictObject({ all: parts }),
  any: v.strictObject({ any: parts }),
  not: v.strictObject({ not: part }),
  group: v.strictObject({ group: word }),
  client: v.strictObject({ client: oneOrListOf(identifier, MAX_CLIENTS) }),
  claim: claimTest,
});

/** Who a policy is about. */
export const conditionSchema: v.GenericSchema<unknown, Condition> = v.pipe(
  anyCondition,
  v.check((who) => depthOf(who) <= MAX_CONDITION_DEPTH, `is nested more than ${MAX_CONDITION_DEPTH} deep`),
  v.check((who) => countConditions(who) <= MAX_CONDITIONS, `has more than ${MAX_CONDITIONS} conditions`),
  v.check((who) => !negatesAnyone(who), "has anyone under a not, which is nobody"),
);
