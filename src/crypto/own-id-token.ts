import { compactVerify } from "jose";
import * as v from "valibot";
import type { KeyCache } from "../keys/cache.ts";
import type { SigningKey } from "../keys/working-key.ts";
import type { IdTokenSigner } from "../operations/ports/id-token.ts";
import { findHeaderFault } from "../protocol/jwt.ts";
import { ID_TOKEN_ALGORITHMS, type IdTokenClaims } from "../protocol/wire/identity.ts";
import { readCompactJwt, type UnverifiedJwt } from "./compact-jwt.ts";
import { signJwt } from "./signed-jwt.ts";

const Claims = v.object({
  iss: v.string(),
  sub: v.string(),
  aud: v.string(),
  iat: v.number(),
  exp: v.number(),
  auth_time: v.number(),
  amr: v.array(v.string()),
  acr: v.exactOptional(v.string()),
  nonce: v.exactOptional(v.string()),
  jti: v.string(),
});

/**
 * Signs ID Tokens with the keys of the ring that sign nothing else, and reads them again.
 * @param clock tells the time in epoch seconds.
 */
export function createIdTokenSigner(keys: KeyCache, issuer: string, clock: () => number): IdTokenSigner {
  return {
    sign: async (claims, algorithm) => signJwt(await keys.activeIdTokenKey(algorithm, clock()), "JWT", claims),
    async read(token, now) {
      const jwt = readCompactJwt(token);
      // The ring is asked for keys that nobody knows here, and so not for those of others.
      if (jwt?.payload.iss !== issuer) return null;
      const key = await findKey(keys, jwt, now);
      return key && readWith(key, token);
    },
  };
}

/** The header only chooses among our own keys; which algorithm counts is written on the key (RFC 8725 §3.1). */
async function findKey(keys: KeyCache, { header }: UnverifiedJwt, now: number): Promise<SigningKey | null> {
  const algorithm = ID_TOKEN_ALGORITHMS.find((known) => known === header.alg);
  if (algorithm === undefined || typeof header.kid !== "string") return null;
  if (findHeaderFault(header, [algorithm], ["jwt"]) !== null) return null;
  return keys.idTokenVerificationKey(algorithm, header.kid, now);
}

async function readWith(key: SigningKey, token: string): Promise<IdTokenClaims | null> {
  try {
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: [key.alg] });
    return v.parse(Claims, JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return null;
  }
}
