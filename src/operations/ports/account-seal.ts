/**
 * Seals what belongs to one account under a key of its own, because it is theirs.
 * The key is kept wrapped beside the account; once that is deleted, nobody can read what it sealed, backups included.
 */
export interface AccountSeals {
  /** @returns a fresh key, wrapped, as it is kept. */
  newKey(): Promise<string>;
  seal(wrappedKey: string, purpose: AccountSealPurpose, statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed under this key for this purpose. Never throws for bad input. */
  open(wrappedKey: string, purpose: AccountSealPurpose, sealed: string): Promise<unknown>;
}

/** What is sealed under an account's key; nothing sealed for one purpose opens for another. */
export type AccountSealPurpose =
  | "name"
  | "passkey_name"
  | "session_place"
  | "recovery_codes"
  | "identity"
  | "invitation_address"
  | "saved_share"
  | "pct";
