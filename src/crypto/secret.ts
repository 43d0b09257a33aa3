import type { Randomness, Secrets } from "../operations/ports/secret.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";
import { sha256 } from "../shared/sha-256.ts";

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const SHA_256_BYTES = 32;

export const randomness: Randomness = { id: () => randomText(ID_BYTES), letters: randomLetters };

/** Secrets of full entropy, so that a fast hash keeps them: passwords would need a slow one. */
export const secrets: Secrets = {
  random: () => randomText(SECRET_BYTES),
  hash: async (secret) => encodeBase64url(await sha256(secret)),
  matches,
};

/** Compares in constant time, so that nobody learns from the delay how much of a guess was right. */
async function matches(presented: string, hash: string): Promise<boolean> {
  const expected = decodeBase64url(hash);
  if (expected?.length !== SHA_256_BYTES) return false;
  return crypto.subtle.timingSafeEqual(await sha256(presented), expected);
}

/** A byte that would make the first letters likelier than the others is drawn again. */
function randomLetters(alphabet: string, count: number): string {
  const fair = 256 - (256 % alphabet.length);
  let letters = "";
  while (letters.length < count) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < fair) letters += alphabet.charAt(byte % alphabet.length);
  }
  return letters;
}

function randomText(bytes: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}
