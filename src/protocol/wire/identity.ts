/** Makes an authorization request one of OpenID Connect (OpenID Connect Core §3.1.2.1). */
export const OPENID_SCOPE = "openid";

/** What an app can learn about the person who signs in (OpenID Connect Core §5.4); all but the first only beside it. */
export const IDENTITY_SCOPES = [OPENID_SCOPE, "email", "profile"] as const;
export type IdentityScope = (typeof IDENTITY_SCOPES)[number];
