import type { Warning } from "./warning.ts";

/**
 * The one refusal of the house. A rule that is broken throws a ProtocolError; it is caught once, in app.ts, and
 * rendered by kind of endpoint (http/respond.ts).
 */

/**
 * Every refusal we send, with its HTTP status: a code exists only here, so the two cannot drift apart. need_info,
 * request_submitted and request_denied are outcomes, not refusals (operations/redeem-ticket.ts).
 */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401, // RFC 6749 §5.2
  invalid_grant: 400, // also for a bad permission ticket, Grant §3.3.6
  invalid_scope: 400,
  invalid_target: 400, // RFC 8707 §2
  invalid_authorization_details: 400, // RFC 9396 §5
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400, // RFC 6749 §4.1.2.1; at the pushed request endpoint, else sent to the redirect URI
  request_not_supported: 400, // OpenID Connect Core §3.1.2.6, as the next two
  request_uri_not_supported: 400,
  invalid_request_uri: 400,
  invalid_redirect_uri: 400, // RFC 7591 §3.2.2, as the next three
  invalid_client_metadata: 400,
  invalid_software_statement: 400,
  unapproved_software_statement: 400,
  invalid_resource_id: 400, // FedAuthz §4.3
  not_found: 404, // FedAuthz §3.2
  unsupported_method_type: 405,
  invalid_token: 401, // RFC 6750 §3.1
  invalid_dpop_proof: 400, // RFC 9449 §5; where an access token is used 401, as the next one
  use_dpop_nonce: 400, // RFC 9449 §8 and §9
  insufficient_scope: 403,
  quota_exceeded: 403, // docs/api.md, "Limits"
  conflict: 409,
  precondition_failed: 412, // If-Match named another version than the current one
  has_warnings: 422, // a document that surely does not do what was meant; docs/policies.md, "Warnings"
  misdirected_request: 421, // the request's origin is not the issuer's
  too_many_requests: 429,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;

type RefusalStatus = (typeof STATUS)[ErrorCode] | 413;

interface ErrorDetails {
  /** An HTTP status that says more than the one of the code; only ever given in this file. */
  readonly status?: 401 | 403 | 413;
  /** A short tag for logs; never sent. */
  readonly reason?: string;
  /** Seconds after which a repeat is worth while; sent as Retry-After. */
  readonly retryAfter?: number;
  /** The scope that an access token would need here; named in the challenge (RFC 6750 §3). */
  readonly scope?: string;
  /** What the next DPoP proof has to bear; sent as DPoP-Nonce (RFC 9449 §8). */
  readonly dpopNonce?: string;
  /** What has to be looked at again before it is taken; sent beside the description. */
  readonly warnings?: readonly Warning[];
}

export class ProtocolError extends Error {
  readonly code: ErrorCode;
  readonly status: RefusalStatus;
  readonly reason: string;
  readonly retryAfter: number | null;
  readonly scope: string | null;
  readonly dpopNonce: string | null;
  readonly warnings: readonly Warning[];

  /**
   * @param description sent to the caller as error_description: says what to do, reveals nothing about an owner.
   */
  constructor(code: ErrorCode, description: string, details: ErrorDetails = {}) {
    super(description);
    this.name = "ProtocolError";
    this.code = code;
    this.status = details.status ?? STATUS[code];
    this.reason = details.reason ?? code;
    this.retryAfter = details.retryAfter ?? null;
    this.scope = details.scope ?? null;
    this.dpopNonce = details.dpopNonce ?? null;
    this.warnings = details.warnings ?? [];
  }
}

/**
 * For whatever is wrong with a request that no more telling code says.
 * @param reason where logs, and the pages that people read, tell more.
 */
export function invalidRequest(description: string, reason = "invalid_request"): ProtocolError {
  return new ProtocolError("invalid_request", description, { reason });
}

/** Seconds after which an outage of the platform is worth another try. */
const OUTAGE_RETRY_AFTER_SECONDS = 2;

/**
 * For an outage: nobody did anything wrong, and a repeat is worth while.
 * @param description says what is still as it was, too.
 */
export function unavailable(description: string, reason = "temporarily_unavailable"): ProtocolError {
  return new ProtocolError("temporarily_unavailable", description, { reason, retryAfter: OUTAGE_RETRY_AFTER_SECONDS });
}

/** RFC 9110 §15.5.14. The code is the one that clients of every endpoint know (RFC 6749 §5.2): a parameter is at fault. */
export function contentTooLarge(description: string): ProtocolError {
  return new ProtocolError("invalid_request", description, { status: 413 });
}

interface BadProof {
  /** Whether an access token is used, and not asked for (RFC 9449 §7.1). */
  readonly isAtResource: boolean;
  readonly reason?: string;
  /** For the next proof, where this one lacked nothing else. */
  readonly nonce?: string;
}

/** For a DPoP proof that does not do (RFC 9449 §5, §7.1, §8 and §9). Nothing was spent. */
export function badProof(description: string, { isAtResource, reason, nonce }: BadProof): ProtocolError {
  return new ProtocolError(
    nonce === undefined ? "invalid_dpop_proof" : "use_dpop_nonce",
    `DPoP proof: ${description}`,
    {
      ...(isAtResource ? { status: 401 } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(nonce === undefined ? {} : { dpopNonce: nonce }),
    },
  );
}

/** For what somebody who is known may not do, and others may. */
export function notAllowed(description: string): ProtocolError {
  return new ProtocolError("invalid_request", description, { status: 403, reason: "not_allowed" });
}

/** A form or a script's request that none of our pages sent, or one that stood open while its browser began another visit. */
export function foreignForm(): ProtocolError {
  const description = "send this from the page that was made for it, in the same browser";
  return new ProtocolError("invalid_request", description, { status: 403, reason: "foreign_form" });
}
