import type { KeyCache } from "../keys/cache.ts";
import type { Signer } from "../operations/ports/signer.ts";
import { signJwt } from "./signed-jwt.ts";

/** @param clock tells the time in epoch seconds. */
export function createSigner(keys: KeyCache, clock: () => number): Signer {
  return {
    sign: async (type, claims) => signJwt(await keys.activeSigningKey(clock()), type, claims),
    async current() {
      const { kid, alg } = await keys.activeSigningKey(clock());
      return { keyId: kid, algorithm: alg };
    },
  };
}
