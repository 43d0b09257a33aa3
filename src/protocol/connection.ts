/** A PAT is an access token with this scope (FedAuthz §1.2). */
export const PROTECTION_SCOPE = "uma_protection";
/** The owner's own tools edit policies under this scope; an app that only hosts resources cannot share them. */
export const POLICY_SCOPE = "uma_policy";

export const CONNECTION_SCOPES = [PROTECTION_SCOPE, POLICY_SCOPE] as const;
export type ConnectionScope = (typeof CONNECTION_SCOPES)[number];

/** A resource owner's standing consent that a client (as a resource server, or as a tool) acts for them. */
export interface Connection {
  readonly ownerId: string;
  readonly clientId: string;
  readonly scopes: readonly ConnectionScope[];
  /** Every token of the connection names it; ending the connection raises it, and so ends them all. */
  readonly generation: number;
  readonly active: boolean;
}

/** Who stands behind a protection or policy API call: read from a verified access token, never from the request. */
export interface ConnectedCaller {
  readonly ownerId: string;
  readonly clientId: string;
  readonly generation: number;
  readonly scopes: readonly string[];
}
