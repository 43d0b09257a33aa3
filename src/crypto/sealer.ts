import type { KeyCache } from "../keys/cache.ts";
import type { Sealer, SealPurpose } from "../operations/ports/seal.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

/** Tickets have a few KB; the largest statements are the kept claims of an ID Token, which has 16 KB at most. */
const MAX_SEALED_LENGTH = 32 * 1024;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Seals statements with AES-256-GCM under the ring's sealing key, as `<kid>.<base64url of iv and ciphertext>`.
 * @param clock tells the time in epoch seconds.
 */
export function createSealer(keys: KeyCache, issuer: string, clock: () => number): Sealer {
  return {
    async seal(purpose, statement) {
      const { kid, key } = await keys.activeSealingKey(clock());
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const plain = encoder.encode(JSON.stringify(statement));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters(iv, purpose, issuer), key, plain));
      return `${kid}.${encodeBase64url(concatenate(iv, sealed))}`;
    },
    async open(purpose, sealed) {
      const [, kid, text] = (sealed.length <= MAX_SEALED_LENGTH && FORM.exec(sealed)) || [];
      const bytes = decodeBase64url(text ?? "");
      if (kid === undefined || !bytes || bytes.length < IV_BYTES + TAG_BYTES) return null;
      const key = await keys.sealingKey(kid, clock());
      return key && decrypt(bytes, key.key, purpose, issuer);
    },
  };
}

async function decrypt(bytes: Uint8Array, key: CryptoKey, purpose: SealPurpose, issuer: string): Promise<unknown> {
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    const plain = await crypto.subtle.decrypt(parameters(iv, purpose, issuer), key, bytes.subarray(IV_BYTES));
    return JSON.parse(decoder.decode(plain));
  } catch {
    return null;
  }
}

/** INVARIANT: purpose and issuer are authenticated, so nothing sealed for one thing or server passes for another. */
function parameters(iv: Uint8Array, purpose: SealPurpose, issuer: string) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(`${purpose}|${issuer}`) };
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
