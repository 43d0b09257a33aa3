import type { IdTokenAlgorithm, IdTokenClaims } from "../../protocol/wire/identity.ts";

/** ID Tokens of our own (OpenID Connect Core §2). */
export interface IdTokenSigner {
  sign(claims: IdTokenClaims, algorithm: IdTokenAlgorithm): Promise<string>;
  /**
   * Reads one that was signed here. Whether it has expired is for the caller to say: at the end of a session it may have
   * (OpenID Connect RP-Initiated Logout §2).
   * @returns null for anything else, another kind of JWT of ours included.
   */
  read(token: string, now: number): Promise<IdTokenClaims | null>;
}
