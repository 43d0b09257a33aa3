import * as v from "valibot";
import { canonicalEmail } from "../../shared/email.ts";
import {
  MAX_AGREEMENT_CHARACTERS,
  MAX_DOCUMENT_LEVELS,
  MAX_GROUP_BYTES,
  MAX_GROUP_MEMBERS,
  MAX_NAME_CHARACTERS,
  MAX_POLICY_BYTES,
  MAX_SCOPES_PER_POLICY,
  MAX_SIGN_IN_AGE_SECONDS,
  MAX_TARGET_RESOURCES,
  MAX_TOKEN_LIFETIME_SECONDS,
  MAX_USES,
  MAX_WORD_CHARACTERS,
  MIN_SIGN_IN_AGE_SECONDS,
  MIN_TOKEN_LIFETIME_SECONDS,
  MIN_USES,
} from "../../shared/limits.ts";
import {
  allOr,
  boundedString,
  byMember,
  checkSize,
  integer,
  line,
  listOf,
  nonEmptyListOf,
  notEmpty,
  oneOf,
  parseBody,
  yes,
} from "../../shared/parse.ts";
import { holdsForStrangers } from "./condition-rules.ts";
import { conditionSchema } from "./parse-condition.ts";
import { whenSchema, whereSchema } from "./parse-context.ts";
import { issuer, word } from "./parse-word.ts";
import type { GroupBody, GroupMemberKinds, PolicyBody, TargetKinds } from "./policy.ts";

export const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/u;
const NO_EMAIL = "must be an e-mail address";

const target = byMember<TargetKinds>({
  resources: v.strictObject({ resources: nonEmptyListOf(word, MAX_TARGET_RESOURCES) }),
  type: v.strictObject({ type: word }),
  all: v.strictObject({ all: yes }),
});

const scopes = allOr(nonEmptyListOf(word, MAX_SCOPES_PER_POLICY));

const terms = notEmpty(
  v.strictObject({
    approval: v.exactOptional(yes),
    signed_in_within: v.exactOptional(integer(MIN_SIGN_IN_AGE_SECONDS, MAX_SIGN_IN_AGE_SECONDS)),
    agreement: v.exactOptional(
      v.strictObject({
        title: line(MAX_NAME_CHARACTERS),
        text: v.pipe(boundedString(MAX_AGREEMENT_CHARACTERS), v.regex(/\S/u, "must not be empty")),
      }),
    ),
    token_lifetime: v.exactOptional(integer(MIN_TOKEN_LIFETIME_SECONDS, MAX_TOKEN_LIFETIME_SECONDS)),
    uses: v.exactOptional(integer(MIN_USES, MAX_USES)),
  }),
);

const policy: v.GenericSchema<unknown, PolicyBody> = v.pipe(
  v.strictObject({
    name: v.exactOptional(line(MAX_NAME_CHARACTERS)),
    effect: oneOf(["permit", "deny"]),
    target,
    scopes,
    who: conditionSchema,
    when: v.exactOptional(whenSchema),
    where: v.exactOptional(whereSchema),
    terms: v.exactOptional(terms),
  }),
  v.forward(
    v.check(({ effect, terms }) => effect === "permit" || terms === undefined, "a deny has no terms"),
    ["terms"],
  ),
  v.forward(
    v.check(
      ({ effect, who }) => effect === "deny" || !holdsForStrangers(who),
      "would let in nearly everybody; add what must hold, e.g. all: [ ..., { not: ... } ]",
    ),
    ["who"],
  ),
);

const member = byMember<GroupMemberKinds>({
  email: v.strictObject({
    email: v.pipe(
      line(MAX_WORD_CHARACTERS),
      v.regex(EMAIL, NO_EMAIL),
      v.check((address) => canonicalEmail(address) !== null, NO_EMAIL),
    ),
  }),
  subject: v.strictObject({ issuer, subject: word }),
});

const group: v.GenericSchema<unknown, GroupBody> = v.strictObject({
  name: line(MAX_NAME_CHARACTERS),
  members: listOf(member, MAX_GROUP_MEMBERS),
});

/**
 * A policy as its owner sent it. What could grant by accident is refused rather than interpreted.
 *
 * @throws ProtocolError invalid_request that says where the fault is and what is wrong.
 */
export function parsePolicy(input: unknown): PolicyBody {
  checkSize(input, MAX_POLICY_BYTES, MAX_DOCUMENT_LEVELS);
  return parseBody(policy, input);
}

/**
 * A group as its owner sent it. It may be empty: then nobody is in it.
 *
 * @throws ProtocolError invalid_request that says where the fault is and what is wrong.
 */
export function parseGroup(input: unknown): GroupBody {
  checkSize(input, MAX_GROUP_BYTES, MAX_DOCUMENT_LEVELS);
  return parseBody(group, input);
}
