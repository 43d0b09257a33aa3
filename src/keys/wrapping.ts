import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

const IV_BYTES = 12;
const encoder = new TextEncoder();

/** Seals key material at rest, so that a copy of the storage alone gives nobody a key. */
export interface KeyWrapping {
  wrap(kid: string, material: string): Promise<string>;
  /** @returns null when it was wrapped under another secret, for another kid, or altered. */
  unwrap(kid: string, wrapped: string): Promise<string | null>;
}

/** AES-256-GCM under a key derived with HKDF-SHA-256 from the operator's secret (RFC 5869). */
export async function deriveKeyWrapping(secret: string): Promise<KeyWrapping> {
  const key = await deriveKey(secret);
  return {
    async wrap(kid, material) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(parameters(iv, kid), key, encoder.encode(material));
      return encodeBase64url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
    },
    async unwrap(kid, wrapped) {
      const bytes = decodeBase64url(wrapped);
      if (!bytes) return null;
      const opening = crypto.subtle.decrypt(
        parameters(bytes.subarray(0, IV_BYTES), kid),
        key,
        bytes.subarray(IV_BYTES),
      );
      return opening.then(
        (material) => new TextDecoder().decode(material),
        () => null,
      );
    },
  };
}

/** Naming the kid keeps sealed material from being moved to another row. */
function parameters(iv: Uint8Array, kid: string) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(kid) };
}

async function deriveKey(secret: string): Promise<CryptoKey> {
  const source = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(32),
    info: encoder.encode("usher key ring"),
  };
  return crypto.subtle.deriveKey(derivation, source, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
