import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { PermissionBody } from "../../protocol/wire/permission.ts";

/** Claims of a JWT access token (RFC 9068). */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  /** Several for an RPT that was asked for by names (RFC 8707): its resource server, and these. */
  readonly aud: string | string[];
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly scope?: string;
  /** What its bearer has to prove (RFC 9449 §6.1, RFC 8705 §3.1). */
  readonly cnf?: Confirmation;
  /** For a token made under a connection. */
  readonly connection_generation?: number;
  /** Whom the UserInfo endpoint tells about, sealed (protocol/identity.ts). */
  readonly person?: string;
  /** For an RPT. */
  readonly permissions?: readonly PermissionBody[];
}

export interface AccessTokenSigner {
  sign(claims: AccessTokenClaims): Promise<string>;
  /** @returns the claims of a token signed by any unexpired key of ours, of type at+jwt and not expired; else null. */
  verify(token: string, now: number): Promise<AccessTokenClaims | null>;
  /** The same of a token that may have expired, as long as its key has not. */
  read(token: string, now: number): Promise<AccessTokenClaims | null>;
}
