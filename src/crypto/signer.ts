import type { KeyCache } from "../keys/cache.ts";
import type { Signer } from "../operations/ports/signer.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";
import { signJwt } from "./signed-jwt.ts";

/** What is said over and over is one document. */
const STATEMENTS_REMEMBERED = 4;

/** @param clock tells the time in epoch seconds. */
export function createSigner(keys: KeyCache, clock: () => number): Signer {
  const lasting = new RecentlyUsed<string>(STATEMENTS_REMEMBERED);
  return {
    sign: async (type, claims) => signJwt(await keys.activeSigningKey(clock()), type, claims),
    async signLasting(type, claims) {
      const key = await keys.activeSigningKey(clock());
      const statement = `${key.kid} ${type} ${JSON.stringify(claims)}`;
      const known = lasting.get(statement);
      if (known !== undefined) return known;
      const jwt = await signJwt(key, type, claims);
      lasting.keep(statement, jwt);
      return jwt;
    },
    algorithm: async () => (await keys.activeSigningKey(clock())).alg,
  };
}
