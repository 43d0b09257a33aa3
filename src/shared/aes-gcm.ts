import { decodeBase64url, encodeBase64url } from "./base64url.ts";

/** NIST SP 800-38D §8.2.2: a random IV of 96 bits for each text. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Encrypts a text with AES-GCM.
 * @param context is authenticated and not carried along: the text opens only where the same context is named.
 * @returns base64url of IV, ciphertext and tag.
 */
export async function encryptText(key: CryptoKey, text: string, context: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const encrypted = await crypto.subtle.encrypt(parameters(iv, context), key, encoder.encode(text));
  const whole = new Uint8Array(IV_BYTES + encrypted.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(encrypted), IV_BYTES);
  return encodeBase64url(whole);
}

/** @returns null for what was encrypted under another key, for another context, was altered, or is of another form. */
export async function decryptText(key: CryptoKey, encrypted: string, context: string): Promise<string | null> {
  const bytes = decodeBase64url(encrypted);
  if (!bytes || bytes.length < IV_BYTES + TAG_BYTES) return null;
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    return decoder.decode(await crypto.subtle.decrypt(parameters(iv, context), key, bytes.subarray(IV_BYTES)));
  } catch {
    return null;
  }
}

function parameters(iv: Uint8Array, context: string) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(context) };
}
