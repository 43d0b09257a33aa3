import type { KeyCache } from "../keys/cache.ts";
import type { AccountSeals } from "../operations/ports/account-seal.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

const KEY_BYTES = 32;

/**
 * Seals with AES-256-GCM under an account's own key, which is itself sealed under the ring's vault key.
 * @param clock tells the time in epoch seconds.
 */
export function createAccountSeals(keys: KeyCache, issuer: string, clock: () => number): AccountSeals {
  const wrapping = `account_key|${issuer}`;

  async function unwrap(wrappedKey: string): Promise<CryptoKey | null> {
    const { key } = await keys.vaultKey(clock());
    const material = await decryptText(key, wrappedKey, wrapping);
    const bytes = material === null ? null : decodeBase64url(material);
    if (bytes === null) return null;
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  return {
    async newKey() {
      const { key } = await keys.vaultKey(clock());
      return encryptText(key, encodeBase64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES))), wrapping);
    },
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
