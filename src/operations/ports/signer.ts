/** The types of JWT that are no tokens: nobody may take one for a credential (RFC 8725 §3.11). */
export type StatementType =
  /** RFC 9701 §5 */
  | "token-introspection+jwt"
  /** RFC 8414 §2.1, which names no type. */
  | "JWT";

/** Signs what this server says, with the key that it signs access tokens with. */
export interface Signer {
  /** @returns a JWT in compact form, its key named in the header */
  sign(type: StatementType, claims: object): Promise<string>;
  /** The key that it signs with now, and the JWS name of its algorithm; another one after a rotation. */
  current(): Promise<{ readonly keyId: string; readonly algorithm: string }>;
}
