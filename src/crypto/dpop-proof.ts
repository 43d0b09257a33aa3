import { calculateJwkThumbprint, compactVerify } from "jose";
import type { Proofs, SignedProof } from "../operations/ports/proof.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import { DPOP_TYPE } from "../protocol/dpop.ts";
import { findHeaderFault } from "../protocol/jwt.ts";
import { findCandidates, readVerificationKey, type VerificationKey } from "../protocol/key-set.ts";
import { MAX_DPOP_PROOF_CHARACTERS } from "../shared/limits.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";
import { readCompactJwt } from "./compact-jwt.ts";

/** A key that proofs name. jose imports it once for as long as its object lives. */
interface NamedKey {
  readonly key: VerificationKey;
  readonly jkt: string;
}

/** Keys remembered by an isolate, a few MB at most: a client makes many proofs with one. */
const KEYS_REMEMBERED = 1_000;

/** Verifies proofs with the key that each brings along (RFC 9449 §4.3, 2 to 7): whose it is, the token that it is for says. */
export function createProofs(): Proofs {
  const keys = new RecentlyUsed<NamedKey>(KEYS_REMEMBERED);

  async function findKey(jwk: unknown): Promise<NamedKey | null> {
    const text = JSON.stringify(jwk);
    const known = keys.get(text);
    if (known) return known;
    const key = readVerificationKey(jwk);
    return key && keys.keep(text, { key, jkt: await calculateJwkThumbprint(key, "sha256") });
  }

  return {
    async verify(proof): Promise<SignedProof | "form" | "signature"> {
      const jwt = proof.length <= MAX_DPOP_PROOF_CHARACTERS ? readCompactJwt(proof) : null;
      if (jwt?.header.typ === undefined || jwt.header.jwk === undefined) return "form";
      if (findHeaderFault(jwt.header, ACCEPTED_ALGORITHMS, [DPOP_TYPE]) !== null) return "form";
      const named = await findKey(jwt.header.jwk);
      if (named === null || findCandidates({ keys: [named.key] }, { alg: jwt.header.alg }).length === 0) return "form";
      const isGood = await isSignedWith(named.key, jwt.text);
      return isGood ? { jkt: named.jkt, payload: jwt.payload } : "signature";
    },
  };
}

/** A key of a stranger may be broken in any way, so an error of any kind only means that the signature does not count. */
async function isSignedWith(key: VerificationKey, text: string): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [...ACCEPTED_ALGORITHMS] });
    return true;
  } catch {
    return false;
  }
}
