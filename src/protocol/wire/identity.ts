/** Makes an authorization request one of OpenID Connect (OpenID Connect Core §3.1.2.1). */
export const OPENID_SCOPE = "openid";

/** What an app can learn about the person who signs in (OpenID Connect Core §5.4); all but the first only beside it. */
export const IDENTITY_SCOPES = [OPENID_SCOPE, "email", "profile"] as const;
export type IdentityScope = (typeof IDENTITY_SCOPES)[number];

/** What ID Tokens are signed with, as the client registered; the first unless it did (OpenID Connect Core §15.1). */
export const ID_TOKEN_ALGORITHMS = ["RS256", "ES256"] as const;
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];

/** Each client knows a person by another name (OpenID Connect Core §8). */
export const SUBJECT_TYPE = "pairwise";

/** What is said of the person beside who they are (OpenID Connect Core §5.1), as far as its scope was consented to. */
export interface PersonClaims {
  /** One of the addresses that the person verified here. */
  readonly email?: string;
  readonly email_verified?: true;
  readonly name?: string;
  /** The language of the person's pages here (BCP 47). */
  readonly locale?: string;
}

/** The claims of an ID Token (OpenID Connect Core §2). */
export interface IdTokenClaims extends PersonClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly nonce?: string;
  /** The account, sealed: so that a token that comes back here leads to it. */
  readonly jti: string;
}

/** The answer of the UserInfo endpoint (OpenID Connect Core §5.3.2). */
export interface UserInfoBody extends PersonClaims {
  readonly sub: string;
}

/** What can be learned of a person, or of how they signed in (OpenID Connect Discovery §3). */
export const CLAIMS_SUPPORTED = [
  "iss",
  "sub",
  "aud",
  "exp",
  "iat",
  "auth_time",
  "nonce",
  "acr",
  "amr",
  "email",
  "email_verified",
  "name",
  "locale",
] as const;
