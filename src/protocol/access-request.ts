/** What of the things that owners keep somewhere a client asks for, without a ticket (RFC 8707 §2). */
export interface AccessRequest {
  /** Resource identifiers, as they were sent. */
  readonly resources: readonly string[];
  /** Scopes of these resources. */
  readonly scopes: readonly string[];
}
