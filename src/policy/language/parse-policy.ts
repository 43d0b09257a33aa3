import * as v from "valibot";
import { holdsForStrangers } from "./condition-rules.ts";
import {
  MAX_AGREEMENT_CHARACTERS,
  MAX_DOCUMENT_BYTES,
  MAX_GROUP_BYTES,
  MAX_GROUP_MEMBERS,
  MAX_NAME_CHARACTERS,
  MAX_SCOPES,
  MAX_SIGN_IN_AGE_SECONDS,
  MAX_TARGET_RESOURCES,
  MAX_TOKEN_LIFETIME_SECONDS,
  MAX_USES,
  MAX_WORD_CHARACTERS,
  MIN_SIGN_IN_AGE_SECONDS,
  MIN_TOKEN_LIFETIME_SECONDS,
  MIN_USES,
} from "./limits.ts";
import { conditionSchema } from "./parse-condition.ts";
import { whenSchema, whereSchema } from "./parse-context.ts";
import { parseDocument } from "./parse-document.ts";
import { byMember, identifier, integer, line, listOf, notEmpty, word, yes } from "./parse-word.ts";
import type { GroupBody, GroupMemberBody, PolicyBody, TargetBody } from "./policy.ts";

export const EMAIL = /^[^\s@]+@[^\s@]+$/u;

const target = byMember<TargetBody>({
  resources: v.strictObject({ resources: listOf(word, MAX_TARGET_RESOURCES) }),
  type: v.strictObject({ type: word }),
  all: v.strictObject({ all: yes }),
});

const scopeList = listOf(word, MAX_SCOPES);
const scopes = v.lazy((input) => (Array.isArray(input) ? scopeList : v.literal("all", "must be a list, or all")));

const terms = notEmpty(
  v.strictObject({
    approval: v.exactOptional(yes),
    signed_in_within: v.exactOptional(integer(MIN_SIGN_IN_AGE_SECONDS, MAX_SIGN_IN_AGE_SECONDS)),
    agreement: v.exactOptional(
      v.strictObject({
        title: line(MAX_NAME_CHARACTERS),
        text: v.pipe(
          v.string("must be a text"),
          v.regex(/\S/u, "must not be empty"),
          v.maxLength(MAX_AGREEMENT_CHARACTERS, `must have at most ${MAX_AGREEMENT_CHARACTERS} characters`),
        ),
      }),
    ),
    token_lifetime: v.exactOptional(integer(MIN_TOKEN_LIFETIME_SECONDS, MAX_TOKEN_LIFETIME_SECONDS)),
    uses: v.exactOptional(integer(MIN_USES, MAX_USES)),
  }),
);

const policy: v.GenericSchema<unknown, PolicyBody> = v.pipe(
  v.strictObject({
    name: v.exactOptional(line(MAX_NAME_CHARACTERS)),
    effect: v.picklist(["permit", "deny"], "must be permit or deny"),
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

const member = byMember<GroupMemberBody>({
  email: v.strictObject({
    email: v.pipe(line(MAX_WORD_CHARACTERS), v.regex(EMAIL, "must be an e-mail address")),
  }),
  subject: v.strictObject({ issuer: identifier, subject: word }),
});

const group: v.GenericSchema<unknown, GroupBody> = v.strictObject({
  name: line(MAX_NAME_CHARACTERS),
  members: v.pipe(
    v.array(member, "must be a list"),
    v.maxLength(MAX_GROUP_MEMBERS, `must have at most ${MAX_GROUP_MEMBERS} entries`),
  ),
});

/**
 * A policy as its owner sent it. What could grant by accident is refused rather than interpreted.
 *
 * @throws ProtocolError invalid_request that says where the fault is and what is wrong.
 */
export function parsePolicy(input: unknown): PolicyBody {
  return parseDocument(policy, input, MAX_DOCUMENT_BYTES);
}

/**
 * A group as its owner sent it. It may be empty: then nobody is in it.
 *
 * @throws ProtocolError invalid_request that says where the fault is and what is wrong.
 */
export function parseGroup(input: unknown): GroupBody {
  return parseDocument(group, input, MAX_GROUP_BYTES);
}
