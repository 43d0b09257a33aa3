export const UMA_TICKET_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket";

export const JWT_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
export const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";

/** Every grant type Usher knows (Grant §3.3.1, RFC 6749 §4.1, §4.4 and §6, RFC 7523 §2.1, RFC 8693 §2.1). */
export const GRANT_TYPES = [
  UMA_TICKET_GRANT,
  "authorization_code",
  "client_credentials",
  "refresh_token",
  JWT_BEARER_GRANT,
  TOKEN_EXCHANGE_GRANT,
] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** Identity assertions of an enterprise's provider (draft-ietf-oauth-identity-assertion-authz-grant). */
export const ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

/** Tokens come from the token endpoint alone (RFC 9700 §2.1.2). */
export const RESPONSE_TYPES = ["code"] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];

/** RFC 6749 §2.3.1, OIDC Core §9, RFC 8705 §2.1. */
export const CLIENT_AUTHENTICATION_METHODS = [
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
  "tls_client_auth",
  "none",
] as const;
export type ClientAuthenticationMethod = (typeof CLIENT_AUTHENTICATION_METHODS)[number];
