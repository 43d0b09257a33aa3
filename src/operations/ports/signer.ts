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
  /** The same of what is said over and over; signed once in an isolate, until the key changes. */
  signLasting(type: StatementType, claims: object): Promise<string>;
  /** The JWS name of the algorithm that it signs with now. */
  algorithm(): Promise<string>;
}
