import * as v from "valibot";
import type { AccessQuestion } from "../../operations/own/explain-access.ts";
import { parsePolicy } from "../../policy/language/parse-policy.ts";
import { identifier, word } from "../../policy/language/parse-word.ts";
import { describedAs } from "../../shared/json-schema.ts";
import {
  MAX_ADDED_POLICIES,
  MAX_CLAIM_CHARACTERS,
  MAX_CLAIM_VALUES,
  MAX_CLAIMS_PER_TOKEN,
  MAX_QUESTION_WORDS,
  MAX_TIME_SECONDS,
} from "../../shared/limits.ts";
import {
  boundedString,
  exactNumber,
  integer,
  listOf,
  parseBody,
  recordOf,
  sentObject,
  setOf,
  thisOrList,
} from "../../shared/parse.ts";
import { POLICY_DOCUMENT } from "./answers.ts";

const words = setOf(word, MAX_QUESTION_WORDS);
const seconds = integer(0, MAX_TIME_SECONDS);

const claimScalar = v.union(
  [boundedString(MAX_CLAIM_CHARACTERS), exactNumber, v.boolean()],
  `must be a string of at most ${MAX_CLAIM_CHARACTERS} characters, a number, true or false`,
);
const claimList = listOf(claimScalar, MAX_CLAIM_VALUES);
const claimValue = thisOrList(claimScalar, claimList);

const Party = sentObject({
  issuer: identifier,
  subject: word,
  claims: v.optional(recordOf(claimValue, MAX_CLAIMS_PER_TOKEN), {}),
  authenticated_at: v.exactOptional(seconds),
});

const Whereabouts = sentObject({
  country: v.exactOptional(v.pipe(v.string("must be a string"), v.length(2, "must be two letters"), v.toUpperCase())),
  address: v.exactOptional(
    v.union([v.pipe(v.string(), v.ipv4()), v.pipe(v.string(), v.ipv6())], "must be an IP address"),
  ),
});

/** Read by its own parser, one by one. */
const policy = describedAs(v.unknown(), () => POLICY_DOCUMENT);

export const Question = sentObject({
  resource_id: word,
  scopes: v.exactOptional(words),
  party: v.exactOptional(Party),
  client_id: identifier,
  at: v.exactOptional(seconds),
  caller: v.exactOptional(Whereabouts),
  policies: v.optional(listOf(policy, MAX_ADDED_POLICIES), []),
  without: v.optional(words, []),
});

/**
 * Reads "what would happen if …?".
 * @param now the time that is supposed where the question names none.
 * @throws ProtocolError invalid_request that names the member and says what is wrong.
 */
export function parseAccessQuestion(input: unknown, now: number): AccessQuestion {
  const body = parseBody(Question, input);
  return {
    resourceId: body.resource_id,
    scopes: body.scopes ?? null,
    party: body.party === undefined ? null : partyOf(body.party),
    clientId: body.client_id,
    at: body.at ?? now,
    whereabouts: { country: body.caller?.country ?? null, address: body.caller?.address ?? null },
    added: body.policies.map(parsePolicy),
    without: body.without,
  };
}

function partyOf({ issuer, subject, claims, authenticated_at }: v.InferOutput<typeof Party>) {
  return { issuer, subject, claims, authenticatedAt: authenticated_at ?? null };
}
