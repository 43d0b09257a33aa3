import type { AccessDetailBody } from "./authorization.ts";
/** A successful answer of the token endpoint (RFC 6749 §5.1). */
export interface TokenBody {
  readonly access_token: string;
  /** How it is sent (RFC 6749 §7.1): `DPoP`, or whatever this server calls a bearer token. */
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Left out for an RPT, whose permissions are not the client's to read (Grant §3.3.5). */
  readonly scope?: string;
  readonly refresh_token?: string;
  /** What of it was granted that was asked for in this way (RFC 9396 §7). */
  readonly authorization_details?: readonly AccessDetailBody[];
  /** Who signed in, where the client asked (OpenID Connect Core §3.1.3.3). */
  readonly id_token?: string;
  /** With an RPT: what its user can be known by next time (Grant §3.3.5). */
  readonly pct?: string;
  /** With an RPT that holds the permissions of the submitted one as well (Grant §3.3.5). */
  readonly upgraded?: true;
}

/** RFC 8693 §3 */
export const ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

/** A successful answer to a token exchange (RFC 8693 §2.2.1). */
export interface ExchangedTokenBody extends TokenBody {
  readonly issued_token_type: typeof ACCESS_TOKEN_TYPE;
}
