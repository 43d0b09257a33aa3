import { decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import type { AccessTokenClaims, AccessTokenSigner } from "../operations/ports.ts";
import type { KeyCache } from "./key-cache.ts";
import type { SigningKey } from "./working-key.ts";

/** RFC 9068 §2.1: the type that keeps an access token from passing for another kind of JWT. */
const ACCESS_TOKEN_TYPE = "at+jwt";
const MAX_TOKEN_LENGTH = 16 * 1024;

const Claims = v.object({
  iss: v.string(),
  sub: v.string(),
  aud: v.string(),
  client_id: v.string(),
  iat: v.number(),
  exp: v.number(),
  jti: v.string(),
  scope: v.exactOptional(v.string()),
  connection_generation: v.exactOptional(v.number()),
  permissions: v.exactOptional(
    v.array(
      v.object({ resource_id: v.string(), resource_scopes: v.array(v.string()), exp: v.exactOptional(v.number()) }),
    ),
  ),
});

/**
 * Signs and verifies JWT access tokens (RFC 9068) with the keys of the ring.
 * @param clock tells the time in epoch seconds.
 */
export function createAccessTokenSigner(keys: KeyCache, issuer: string, clock: () => number): AccessTokenSigner {
  return {
    async sign(claims) {
      const { alg, kid, privateKey } = await keys.activeSigningKey(clock());
      return new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: ACCESS_TOKEN_TYPE, kid }).sign(privateKey);
    },
    async verify(token, now) {
      const kid = token.length <= MAX_TOKEN_LENGTH ? readKid(token) : null;
      const key = kid === null ? null : await keys.verificationKey(kid, now);
      return key && verifyWith(key, token, issuer, now);
    },
  };
}

/** The header only chooses among our own keys; which algorithm counts is written on the key (RFC 8725 §3.1). */
async function verifyWith(key: SigningKey, token: string, issuer: string, now: number) {
  try {
    const { payload } = await jwtVerify<AccessTokenClaims>(token, key.publicKey, {
      algorithms: [key.alg],
      typ: ACCESS_TOKEN_TYPE,
      issuer,
      currentDate: new Date(now * 1000),
    });
    return v.parse(Claims, payload);
  } catch {
    return null;
  }
}

function readKid(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null;
  } catch {
    return null;
  }
}
