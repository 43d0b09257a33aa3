/**
 * The one refusal of the house. A rule that is broken throws a ProtocolError; it is caught once, in app.ts, and
 * rendered by kind of endpoint (http/respond.ts).
 */

/** Every code we send, with its HTTP status. A code exists only here, so name and status cannot drift apart. */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401, // RFC 6749 §5.2
  invalid_grant: 400, // also for a bad permission ticket, Grant §3.3.6
  invalid_scope: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_token_type: 400,
  need_info: 403, // Grant §3.3.6
  request_denied: 403,
  request_submitted: 403,
  invalid_resource_id: 400, // FedAuthz §4.3
  not_found: 404, // FedAuthz §3.2
  unsupported_method_type: 405,
  invalid_token: 401, // RFC 6750 §3.1
  insufficient_scope: 403,
  conflict: 409,
  precondition_failed: 412, // If-Match named another version than the current one
  misdirected_request: 421, // the request's origin is not the issuer's
  too_many_requests: 429,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;

export interface ErrorDetails {
  /** A short tag for logs; never sent. */
  readonly reason?: string;
  /** Seconds after which a repeat is worth while; sent as Retry-After. */
  readonly retryAfter?: number;
  /** The scope that an access token would need here; named in the challenge (RFC 6750 §3). */
  readonly scope?: string;
}

export class ProtocolError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly retryAfter: number | null;
  readonly scope: string | null;

  /**
   * @param description sent to the caller as error_description: says what to do, reveals nothing about an owner.
   */
  constructor(code: ErrorCode, description: string, details: ErrorDetails = {}) {
    super(description);
    this.name = "ProtocolError";
    this.code = code;
    this.reason = details.reason ?? code;
    this.retryAfter = details.retryAfter ?? null;
    this.scope = details.scope ?? null;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code];
}
