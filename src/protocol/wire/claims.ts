/** The format URI of an OpenID Connect ID Token pushed as a claim token (Grant §3.3.1, example). */
export const ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

/** Ours: a JSON list of claim tokens, each with its format; in base64url, as the Grant asks for (§3.3.1). */
export const SEVERAL_FORMAT = "claim_tokens";

/** One entry of `required_claims` in need_info (Grant §3.3.6). */
export interface RequiredClaimBody {
  readonly name: string;
  readonly friendly_name?: string;
  readonly claim_type?: string;
  readonly claim_token_format: readonly string[];
  readonly issuer?: readonly string[];
}

/** Errors that a claims redirect URI gets (Grant §3.3.3, with the codes of RFC 6749 §4.1.2.1). */
export type ClaimsErrorCode = "access_denied" | "invalid_request" | "unauthorized_client";
