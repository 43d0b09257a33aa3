import type { AccountSeals } from "../operations/ports/account-seal.ts";
import type { Vault } from "../operations/ports/vault.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { unwrapKey, wrapNewKey } from "./own-key.ts";

/** Seals with AES-256-GCM under an account's own key, which is itself sealed in the vault. */
export function createAccountSeals(vault: Vault, issuer: string): AccountSeals {
  return {
    newKey: () => wrapNewKey(vault, "account_key"),
    async seal(wrappedKey, purpose, statement) {
      const key = await unwrapKey(vault, "account_key", wrappedKey);
      if (key === null) throw new Error("the key of an account does not open");
      return encryptText(key, JSON.stringify(statement), `${purpose}|${issuer}`);
    },
    async open(wrappedKey, purpose, sealed) {
      const key = await unwrapKey(vault, "account_key", wrappedKey);
      const text = key === null ? null : await decryptText(key, sealed, `${purpose}|${issuer}`);
      return text === null ? null : JSON.parse(text);
    },
  };
}
