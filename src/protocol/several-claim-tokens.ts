import * as v from "valibot";
import { decodeBase64url } from "../shared/base64url.ts";
import { MAX_CLAIM_TOKEN_CHARACTERS, MAX_CLAIM_TOKENS, MAX_WORD_CHARACTERS } from "../shared/limits.ts";

/** One of several claim tokens that come together. */
export interface ClaimTokenPart {
  readonly token: string;
  readonly format: string;
}

const Parts = v.pipe(
  v.array(
    v.strictObject({
      claim_token: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_CLAIM_TOKEN_CHARACTERS)),
      claim_token_format: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_WORD_CHARACTERS)),
    }),
  ),
  v.minLength(1),
  v.maxLength(MAX_CLAIM_TOKENS),
);

/**
 * Reads what comes as `claim_tokens`: a JSON list in base64url (Grant §3.3.1 has one claim token a request, and parameters
 * do not repeat).
 * @returns null for anything else
 */
export function parseClaimTokens(claimToken: string): readonly ClaimTokenPart[] | null {
  const bytes = decodeBase64url(claimToken.replace(/={1,2}$/, ""));
  const parsed = bytes && v.safeParse(Parts, parseJson(new TextDecoder().decode(bytes)));
  if (!parsed?.success) return null;
  return parsed.output.map(({ claim_token: token, claim_token_format: format }) => ({ token, format }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
