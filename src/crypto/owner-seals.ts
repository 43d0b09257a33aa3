import type { Vault } from "../operations/ports/vault.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { unwrapKey, wrapNewKey } from "./own-key.ts";

/** Seals with AES-256-GCM under an owner's own key, which is itself sealed in the vault; what ledgers are handed for it. */
export function createOwnerSeals(vault: Vault, issuer: string) {
  return {
    newKey: () => wrapNewKey(vault, "owner_key"),

    /** @throws Error for a key that was not wrapped here. */
    async unlock(wrappedKey: string) {
      const key = await unwrapKey(vault, "owner_key", wrappedKey);
      if (key === null) throw new Error("the key of an owner does not open");
      return {
        seal: (purpose: string, statement: unknown) =>
          encryptText(key, JSON.stringify(statement), `${purpose}|${issuer}`),

        /** @returns null for anything that was not sealed under this key for this purpose. */
        async open(purpose: string, sealed: string): Promise<unknown> {
          const text = await decryptText(key, sealed, `${purpose}|${issuer}`);
          return text === null ? null : JSON.parse(text);
        },
      };
    },
  };
}
