import * as v from "valibot";
import type { AccessQuestion } from "../../operations/own/explain-access.ts";
import { parsePolicy } from "../../policy/language/parse-policy.ts";
import { boundedText, parseBody, setOf, strictly } from "../../shared/parse.ts";

const MAX_WORD_LENGTH = 256;
const MAX_URI_LENGTH = 2_048;
const MAX_LIST_LENGTH = 100;
const MAX_CLAIMS = 50;
const MAX_CLAIM_LENGTH = 512;
/** Each may name groups of its own, which are read one by one. */
const MAX_ADDED_POLICIES = 5;

const word = boundedText(MAX_WORD_LENGTH);
const identifier = boundedText(MAX_URI_LENGTH);
const words = setOf(word, MAX_LIST_LENGTH);
const seconds = v.pipe(v.number("must be a number"), v.integer("must be whole seconds"), v.minValue(0, "is too early"));

const claimScalar = v.union(
  [v.pipe(v.string(), v.maxLength(MAX_CLAIM_LENGTH)), v.number(), v.boolean()],
  `must be a text of at most ${MAX_CLAIM_LENGTH} characters, a number, true or false`,
);
const claimList = v.pipe(
  v.array(claimScalar),
  v.maxLength(MAX_LIST_LENGTH, `must not have more than ${MAX_LIST_LENGTH} entries`),
);

const Party = v.strictObject(
  {
    issuer: identifier,
    subject: word,
    claims: v.optional(
      v.pipe(
        v.record(
          v.string(),
          v.lazy((input) => (Array.isArray(input) ? claimList : claimScalar)),
          "must be an object",
        ),
        v.check((claims) => Object.keys(claims).length <= MAX_CLAIMS, `must not have more than ${MAX_CLAIMS} members`),
      ),
      {},
    ),
    authenticated_at: v.exactOptional(seconds),
  },
  strictly,
);

const Question = v.strictObject(
  {
    resource_id: word,
    scopes: v.exactOptional(words),
    party: v.exactOptional(Party),
    client_id: identifier,
    at: v.exactOptional(seconds),
    caller: v.exactOptional(
      v.strictObject(
        {
          country: v.exactOptional(
            v.pipe(v.string("must be a text"), v.length(2, "must be two letters"), v.toUpperCase()),
          ),
          address: v.exactOptional(
            v.union([v.pipe(v.string(), v.ipv4()), v.pipe(v.string(), v.ipv6())], "must be an IP address"),
          ),
        },
        strictly,
      ),
    ),
    policies: v.optional(
      v.pipe(
        v.array(v.unknown(), "must be a list of policies"),
        v.maxLength(MAX_ADDED_POLICIES, `must not have more than ${MAX_ADDED_POLICIES} entries`),
      ),
      [],
    ),
    without: v.optional(words, []),
  },
  strictly,
);

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
