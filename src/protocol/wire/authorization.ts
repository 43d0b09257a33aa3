/** What a client may ask of the way a person is asked (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Of an authorization response without a code (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
export const AUTHORIZATION_ERRORS = [
  "access_denied",
  "consent_required",
  "invalid_request",
  "invalid_scope",
  "login_required",
  "request_not_supported",
  "request_uri_not_supported",
  "unsupported_response_type",
] as const;
export type AuthorizationErrorCode = (typeof AUTHORIZATION_ERRORS)[number];

/** What stands before the reference to a pushed request (RFC 9126 §2.2). */
export const PUSHED_REQUEST_PREFIX = "urn:ietf:params:oauth:request_uri:";

/** The answer to a pushed request (RFC 9126 §2.2). */
export interface PushedRequestBody {
  readonly request_uri: string;
  /** Seconds. */
  readonly expires_in: number;
}
