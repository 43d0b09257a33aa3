import { type Continuation, parseContinuation } from "../../protocol/continuation.ts";
import { CONTINUATION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { Sealer } from "../ports/seal.ts";

interface ContinuationServices {
  readonly sealer: Sealer;
}

/** @returns what the sign-in pages carry along. */
export function sealContinuation(
  { sealer }: ContinuationServices,
  continuation: Omit<Continuation, "expiresAt">,
  now: number,
): Promise<string> {
  return sealer.seal("continuation", { ...continuation, expiresAt: now + CONTINUATION_LIFETIME_SECONDS });
}

/** @returns null for what was not sealed here, or has expired. */
export async function openContinuation(
  { sealer }: ContinuationServices,
  sealed: string,
  now: number,
): Promise<Continuation | null> {
  return parseContinuation(await sealer.open("continuation", sealed), now);
}
