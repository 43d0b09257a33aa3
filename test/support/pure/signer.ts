import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";

/** Where and when the tests of keys and tokens play, in seconds. */
export const ISSUER = "https://usher.example";
export const START = 1_900_000_000;

/** Somebody else who signs: a trusted issuer, or a client with private_key_jwt. */
export class Signer {
  readonly kid: string;
  readonly alg: string;
  readonly #privateKey: CryptoKey;
  readonly publicJwk: JWK;

  private constructor(kid: string, alg: string, privateKey: CryptoKey, publicJwk: JWK) {
    this.kid = kid;
    this.alg = alg;
    this.#privateKey = privateKey;
    this.publicJwk = publicJwk;
  }

  static async create(kid: string, alg = "ES256"): Promise<Signer> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return new Signer(kid, alg, privateKey, { ...(await exportJWK(publicKey)), kid, alg, use: "sig" });
  }

  async sign(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT(payload).setProtectedHeader({ alg: this.alg, kid: this.kid, ...header }).sign(this.#privateKey);
  }
}
