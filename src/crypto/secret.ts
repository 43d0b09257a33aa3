import type { Randomness, Secrets } from "../operations/ports/secret.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const SHA_256_BYTES = 32;

/** The SHA-256 of a secret in base64url. Only for secrets of full entropy: passwords need a slow hash. */
export type SecretHash = string & { readonly brand: "SecretHash" };

/** 16 random bytes in base64url. */
export function randomId(): string {
  return randomText(ID_BYTES);
}

/** 32 random bytes in base64url. */
export function randomSecret(): string {
  return randomText(SECRET_BYTES);
}

export async function hashSecret(secret: string): Promise<SecretHash> {
  return encodeBase64url(await digest(secret)) as SecretHash;
}

/** Compares in constant time, so that nobody learns from the delay how much of a guess was right. */
export async function matchesSecret(presented: string, hash: string): Promise<boolean> {
  const expected = decodeBase64url(hash);
  if (expected?.length !== SHA_256_BYTES) return false;
  return crypto.subtle.timingSafeEqual(await digest(presented), expected);
}

export const randomness: Randomness = { id: randomId };
export const secrets: Secrets = { random: randomSecret, hash: hashSecret, matches: matchesSecret };

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function randomText(bytes: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}
