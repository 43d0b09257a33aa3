/** What a client may ask of the way a person is asked (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Of an authorization response without a code (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
export const AUTHORIZATION_ERRORS = [
  "access_denied",
  "consent_required",
  "invalid_authorization_details",
  "invalid_request",
  "invalid_scope",
  "invalid_target",
  "login_required",
  "request_not_supported",
  "request_uri_not_supported",
  "unsupported_response_type",
] as const;
export type AuthorizationErrorCode = (typeof AUTHORIZATION_ERRORS)[number];

/** The one type of `authorization_details` that is known here (RFC 9396 §2): what to do with resources of an owner. */
export const ACCESS_DETAIL_TYPE = "uma_resource";

/** An entry of `authorization_details`, as it is asked for and as it was granted. */
export interface AccessDetailBody {
  readonly type: typeof ACCESS_DETAIL_TYPE;
  /** Resource identifiers (RFC 8707). */
  readonly locations: readonly string[];
  /** Which of the things that are kept there, by the name that its keeper gave it (`external_id`). */
  readonly identifier?: string;
  /** Scopes; left out: whatever can be had. */
  readonly actions?: readonly string[];
}

/** What stands before the reference to a pushed request (RFC 9126 §2.2). */
export const PUSHED_REQUEST_PREFIX = "urn:ietf:params:oauth:request_uri:";

/** The answer to a pushed request (RFC 9126 §2.2). */
export interface PushedRequestBody {
  readonly request_uri: string;
  /** Seconds. */
  readonly expires_in: number;
}
