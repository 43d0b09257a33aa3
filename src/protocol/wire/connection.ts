/** A PAT is an access token with this scope (FedAuthz §1.2). */
export const PROTECTION_SCOPE = "uma_protection";
/** The owner's own tools edit policies under this scope; an app that only hosts resources cannot share them. */
export const POLICY_SCOPE = "uma_policy";

export const CONNECTION_SCOPES = [PROTECTION_SCOPE, POLICY_SCOPE] as const;
export type ConnectionScope = (typeof CONNECTION_SCOPES)[number];
