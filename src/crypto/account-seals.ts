import type { AccountSeals } from "../operations/ports/account-seal.ts";
import type { Vault } from "../operations/ports/vault.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

const KEY_BYTES = 32;

/** Seals with AES-256-GCM under an account's own key, which is itself sealed in the vault. */
export function createAccountSeals(vault: Vault, issuer: string): AccountSeals {
  async function unwrap(wrappedKey: string): Promise<CryptoKey | null> {
    const material = await vault.open("account_key", wrappedKey);
    const bytes = typeof material === "string" ? decodeBase64url(material) : null;
    if (bytes === null) return null;
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  return {
    newKey: () => vault.seal("account_key", encodeBase64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES)))),
    async seal(wrappedKey, purpose, statement) {
      const key = await unwrap(wrappedKey);
      if (key === null) throw new Error("the key of an account does not open");
      return encryptText(key, JSON.stringify(statement), `${purpose}|${issuer}`);
    },
    async open(wrappedKey, purpose, sealed) {
      const key = await unwrap(wrappedKey);
      const text = key === null ? null : await decryptText(key, sealed, `${purpose}|${issuer}`);
      return text === null ? null : JSON.parse(text);
    },
  };
}
