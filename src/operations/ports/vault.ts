/** What is sealed in the vault; nothing sealed for one purpose opens for another. */
export type VaultPurpose =
  | "provider_credentials"
  | "introspection_secret"
  | "account_key"
  | "owner_key"
  | "webhook_secret";

/** Seals what the server itself has to keep and to read again for years, under the ring's vault key, which never rotates. */
export interface Vault {
  seal(purpose: VaultPurpose, statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here for this purpose. */
  open(purpose: VaultPurpose, sealed: string): Promise<unknown>;
}
