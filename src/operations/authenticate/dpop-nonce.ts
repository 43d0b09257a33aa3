import { isTime } from "../../protocol/jwt.ts";
import { CLOCK_SKEW_SECONDS, DPOP_NONCE_SECONDS } from "../../protocol/lifetimes.ts";
import type { Sealer } from "../ports/seal.ts";

/** A nonce is the time, sealed: nobody else can make one, each is another one, and nothing is stored (RFC 9449 §8). */
export function makeNonce(sealer: Pick<Sealer, "seal">, now: number): Promise<string> {
  return sealer.seal("dpop_nonce", now);
}

/** @returns seconds since a nonce was made; null for one that was not made here or is too old. */
export async function ageOfNonce(sealer: Pick<Sealer, "open">, nonce: string, now: number): Promise<number | null> {
  const madeAt = await sealer.open("dpop_nonce", nonce);
  if (!isTime(madeAt)) return null;
  const age = now - madeAt;
  return age < DPOP_NONCE_SECONDS && age >= -CLOCK_SKEW_SECONDS ? age : null;
}
