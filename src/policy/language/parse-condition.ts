import * as v from "valibot";
import type { ClaimScalar } from "../../protocol/claims.ts";
import { canonicalDomain } from "../../shared/domain.ts";
import { canonicalEmail } from "../../shared/email.ts";
import {
  MAX_CLAIM_ISSUERS,
  MAX_CLIENTS,
  MAX_CONDITION_LEVELS,
  MAX_CONDITIONS,
  MAX_ONE_OF_VALUES,
} from "../../shared/limits.ts";
import { byMember, exactNumber, nonEmptyListOf, oneOrListOf, yes } from "../../shared/parse.ts";
import { CLAIM_OPERATORS } from "./claim-operators.ts";
import { countConditions, depthOf, negatesAnyone } from "./condition-rules.ts";
import { identifier, issuer, word } from "./parse-word.ts";
import type { ClaimTest, Condition, ConditionKinds } from "./policy.ts";

export const DOMAIN = /^[^\s@.]+(\.[^\s@.]+)+$/u;
const NO_DOMAIN = "must be a domain such as example.com, without an @";

const scalar = v.lazy((input): v.GenericSchema<unknown, ClaimScalar> => {
  if (typeof input === "string") return word;
  return typeof input === "number" ? exactNumber : v.boolean("must be a string, a number, true or false");
});
const domain = v.pipe(
  word,
  v.regex(DOMAIN, NO_DOMAIN),
  v.check((text) => canonicalDomain(text) !== null, NO_DOMAIN),
);

const claimMembers: v.GenericSchema<unknown, ClaimTest> = v.strictObject({
  claim: word,
  issuer: v.exactOptional(oneOrListOf(issuer, MAX_CLAIM_ISSUERS)),
  equals: v.exactOptional(scalar),
  one_of: v.exactOptional(nonEmptyListOf(scalar, MAX_ONE_OF_VALUES)),
  domain: v.exactOptional(domain),
  exists: v.exactOptional(yes),
  greater_than: v.exactOptional(exactNumber),
  at_least: v.exactOptional(exactNumber),
  less_than: v.exactOptional(exactNumber),
  at_most: v.exactOptional(exactNumber),
});

const claimTest = v.pipe(
  claimMembers,
  v.check(hasOneOperator, `must have exactly one of ${CLAIM_OPERATORS.join(", ")}`),
  v.check(comparesAddresses, "an email is compared with e-mail addresses such as bob@example.com"),
  v.check(namesSubject, "a sub means a person only together with its issuer, so name the issuer"),
);

function hasOneOperator(test: ClaimTest): boolean {
  return CLAIM_OPERATORS.filter((operator) => Object.hasOwn(test, operator)).length === 1;
}

/** Two issuers can use one subject for two people (OIDC Core §5.7). */
function namesSubject(test: ClaimTest): boolean {
  return test.claim !== "sub" || test.issuer !== undefined;
}

/** Nobody's address would ever match it, and a deny would not deny. */
function comparesAddresses({ claim, equals, one_of = [] }: ClaimTest): boolean {
  const operands = equals === undefined ? one_of : [equals];
  return claim !== "email" || operands.every((operand) => canonicalEmail(String(operand)) !== null);
}

const part = v.lazy((): v.GenericSchema<unknown, Condition> => anyCondition);
const parts = nonEmptyListOf(part, MAX_CONDITIONS);

const anyCondition = byMember<ConditionKinds>({
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
  v.check((who) => depthOf(who) <= MAX_CONDITION_LEVELS, `must have at most ${MAX_CONDITION_LEVELS} levels`),
  v.check((who) => countConditions(who) <= MAX_CONDITIONS, `must have at most ${MAX_CONDITIONS} conditions`),
  v.check((who) => !negatesAnyone(who), "has anyone under a not, which is nobody"),
);
