import type { KeyCache } from "../keys/cache.ts";
import type { Vault } from "../operations/ports/vault.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";

/**
 * Seals with AES-256-GCM under the ring's vault key.
 * @param clock tells the time in epoch seconds.
 */
export function createVault(keys: KeyCache, issuer: string, clock: () => number): Vault {
  return {
    async seal(purpose, statement) {
      const { key } = await keys.vaultKey(clock());
      return encryptText(key, JSON.stringify(statement), `${purpose}|${issuer}`);
    },
    async open(purpose, sealed) {
      const { key } = await keys.vaultKey(clock());
      const text = await decryptText(key, sealed, `${purpose}|${issuer}`);
      return text === null ? null : JSON.parse(text);
    },
  };
}
