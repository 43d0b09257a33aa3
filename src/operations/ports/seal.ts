/** What a sealed statement is for; a statement sealed for one purpose opens for no other. */
export type SealPurpose =
  | "ticket"
  | "locator"
  | "handle"
  | "refresh"
  | "claims"
  | "continuation"
  | "authorization_request"
  | "pushed_request"
  | "code"
  | "connection_refresh"
  | "person"
  | "interaction"
  | "pct"
  | "bound_pct"
  | "dpop_nonce"
  | "passkey_challenge"
  | "upstream"
  | "email_challenge"
  | "proven_address"
  | "known_browser"
  | "notice_stop";

/** Authenticated encryption under the key ring's sealing key (AES-256-GCM), bound to purpose and issuer. */
export interface Sealer {
  /** @returns url-safe text of A-Z a-z 0-9 - . _ ~ */
  seal(purpose: SealPurpose, statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here for this purpose. Never throws for bad input. */
  open(purpose: SealPurpose, sealed: string): Promise<unknown>;
}
