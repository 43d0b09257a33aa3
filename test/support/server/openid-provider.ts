import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

const LIFETIME_SECONDS = 300;

/** An OpenID Provider that a test is: it has a name, one key, and signs whatever it is told to. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly object[] };
  /** An ID Token; what is not given is as a provider would fill it in, `undefined` leaves a claim out. */
  idToken(claims: JWTPayload): Promise<string>;
}

export async function createOpenIdProvider(issuer: string): Promise<OpenIdProvider> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "op-1", use: "sig", alg: "ES256" };
  return {
    issuer,
    jwks: { keys: [jwk] },
    idToken(claims) {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, iat: now, exp: now + LIFETIME_SECONDS, email_verified: claims.email !== undefined };
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "ES256", kid: jwk.kid }).sign(privateKey);
    },
  };
}
