import type { KeyCache } from "../keys/cache.ts";
import type { Sealer, SealPurpose } from "../operations/ports/seal.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { MAX_SEALED_CHARACTERS } from "../shared/limits.ts";

const FORM = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals statements with AES-256-GCM under the ring's sealing key, as `<kid>.<base64url of iv and ciphertext>`.
 * @param clock tells the time in epoch seconds.
 */
export function createSealer(keys: KeyCache, issuer: string, clock: () => number): Sealer {
  return {
    async seal(purpose, statement) {
      const { kid, key } = await keys.activeSealingKey(clock());
      return `${kid}.${await encryptText(key, JSON.stringify(statement), contextOf(purpose, issuer))}`;
    },
    async open(purpose, sealed) {
      const [, kid, encrypted] = (sealed.length <= MAX_SEALED_CHARACTERS && FORM.exec(sealed)) || [];
      if (kid === undefined || encrypted === undefined) return null;
      const key = await keys.sealingKey(kid, clock());
      const text = key && (await decryptText(key.key, encrypted, contextOf(purpose, issuer)));
      return text === null ? null : JSON.parse(text);
    },
  };
}

/** INVARIANT: purpose and issuer are authenticated, so nothing sealed for one thing or server passes for another. */
function contextOf(purpose: SealPurpose, issuer: string): string {
  return `${purpose}|${issuer}`;
}
