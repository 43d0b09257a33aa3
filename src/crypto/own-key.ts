import type { Vault, VaultPurpose } from "../operations/ports/vault.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

const KEY_BYTES = 32;

/** A fresh AES-256 key that belongs to somebody, sealed in the vault for what it is. */
export function wrapNewKey(vault: Vault, purpose: VaultPurpose): Promise<string> {
  return vault.seal(purpose, encodeBase64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
}

/** @returns null for anything that was not wrapped here for this purpose. */
export async function unwrapKey(vault: Vault, purpose: VaultPurpose, wrappedKey: string): Promise<CryptoKey | null> {
  const material = await vault.open(purpose, wrappedKey);
  const bytes = typeof material === "string" ? decodeBase64url(material) : null;
  if (bytes === null) return null;
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
