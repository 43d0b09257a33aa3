import { decodeProtectedHeader, jwtVerify } from "jose";
import * as v from "valibot";
import type { KeyCache } from "../keys/cache.ts";
import type { SigningKey } from "../keys/working-key.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../operations/ports/access-token.ts";
import { ConfirmationSchema } from "../protocol/confirmation.ts";
import { MAX_JWT_CHARACTERS } from "../shared/limits.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";
import { signJwt } from "./signed-jwt.ts";

/** RFC 9068 §2.1: the type that keeps an access token from passing for another kind of JWT. */
const ACCESS_TOKEN_TYPE = "at+jwt";

const Claims = v.object({
  iss: v.string(),
  sub: v.string(),
  aud: v.union([v.string(), v.array(v.string())]),
  client_id: v.string(),
  iat: v.number(),
  exp: v.number(),
  jti: v.string(),
  scope: v.exactOptional(v.string()),
  cnf: v.exactOptional(ConfirmationSchema),
  connection_generation: v.exactOptional(v.number()),
  person: v.exactOptional(v.string()),
  permissions: v.exactOptional(
    v.array(
      v.object({ resource_id: v.string(), resource_scopes: v.array(v.string()), exp: v.exactOptional(v.number()) }),
    ),
  ),
});

/** A token whose signature was found good. */
interface VerifiedToken {
  readonly kid: string;
  readonly claims: AccessTokenClaims;
}

/** Tokens remembered by an isolate, a few MB at most. */
const TOKENS_REMEMBERED = 1_000;

/**
 * Signs and verifies JWT access tokens (RFC 9068) with the keys of the ring. A PAT comes with every call of its
 * resource server, and an RPT several times, so an isolate remembers which signatures it found good: that never
 * changes, while the key and the end of the token are looked at each time.
 * @param clock tells the time in epoch seconds.
 */
export function createAccessTokenSigner(keys: KeyCache, issuer: string, clock: () => number): AccessTokenSigner {
  const verified = new RecentlyUsed<VerifiedToken>(TOKENS_REMEMBERED);
  const read: AccessTokenSigner["read"] = async (token, now) => {
    const known = verified.get(token);
    const kid = known?.kid ?? (token.length <= MAX_JWT_CHARACTERS ? readKid(token) : null);
    const key = kid === null ? null : await keys.verificationKey(kid, now);
    if (!key) return null;
    if (known) return known.claims;
    const claims = await readWith(key, token, issuer);
    if (claims) verified.keep(token, { kid: key.kid, claims });
    return claims;
  };
  return {
    sign: async (claims) => signJwt(await keys.activeSigningKey(clock()), ACCESS_TOKEN_TYPE, claims),
    read,
    async verify(token, now) {
      const claims = await read(token, now);
      return claims && claims.exp > now ? claims : null;
    },
  };
}

/** Whether it has expired is looked at each time anew. The header only chooses among our own keys; which algorithm counts is written on the key (RFC 8725 §3.1). */
async function readWith(key: SigningKey, token: string, issuer: string) {
  try {
    const { payload } = await jwtVerify<AccessTokenClaims>(token, key.publicKey, {
      algorithms: [key.alg],
      typ: ACCESS_TOKEN_TYPE,
      issuer,
      clockTolerance: Number.MAX_SAFE_INTEGER,
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
