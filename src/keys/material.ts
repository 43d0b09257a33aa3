import { encodeBase64url } from "../shared/base64url.ts";
import { isSigningUse, type KeyUse, SIGNING_ALGORITHMS, type SigningAlgorithm, signingAlgorithmOf } from "./key.ts";

/** What Web Crypto calls each algorithm, and what a key for it is made with. */
const SIGNING_PARAMETERS = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  EdDSA: { name: "Ed25519" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const satisfies Record<SigningAlgorithm, object>;

/** @throws Error for an algorithm that no key of ours is made for. */
export function signingParameters(algorithm: string): (typeof SIGNING_PARAMETERS)[SigningAlgorithm] {
  const known = SIGNING_ALGORITHMS.find((name) => name === algorithm);
  if (known === undefined) throw new Error(`no key of ours signs with ${algorithm}`);
  return SIGNING_PARAMETERS[known];
}

interface NewKey {
  readonly kid: string;
  readonly use: KeyUse;
  readonly alg: string;
  readonly material: string;
}

/** Makes a key: for signing a pair, for the other uses 256 random bits. @param configured as for signingAlgorithmOf */
export async function generateKey(use: KeyUse, configured: SigningAlgorithm): Promise<NewKey> {
  const kid = random(9);
  if (isSigningUse(use)) {
    const alg = signingAlgorithmOf(use, configured);
    return { kid, use, alg, material: await generatePrivateJwk(alg) };
  }
  return { kid, use, alg: use === "pairwise" ? "HS256" : "A256GCM", material: random(32) };
}

async function generatePrivateJwk(algorithm: SigningAlgorithm): Promise<string> {
  const pair = (await crypto.subtle.generateKey(SIGNING_PARAMETERS[algorithm], true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as JsonWebKey;
  const { key_ops: _operations, ext: _extractable, alg: _algorithm, ...members } = jwk;
  return JSON.stringify(members);
}

function random(bytes: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}
