import { decryptText, encryptText } from "../shared/aes-gcm.ts";

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
    // Naming the kid keeps sealed material from being moved to another row.
    wrap: (kid, material) => encryptText(key, material, kid),
    unwrap: (kid, wrapped) => decryptText(key, wrapped, kid),
  };
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
