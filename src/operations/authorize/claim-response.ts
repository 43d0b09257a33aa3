import { AUTHORIZATION_FLOW_LIFETIME_SECONDS, PUSHED_REQUEST_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { ReplayGuard } from "../ports/replay.ts";

export interface ClaimResponseServices {
  readonly replayGuard: ReplayGuard;
}

/** An authorization request that is answered. */
interface AnsweredRequest {
  readonly clientId: string;
  /** Null: it was not pushed, and may be repeated as often as its person answers. */
  readonly pushedId: string | null;
}

/**
 * A pushed request gets one response (RFC 9126 §4); looking at its page again is no harm, so it is spent by the answer.
 * @throws ProtocolError invalid_request_uri when it was answered before
 */
export async function claimResponse(
  { replayGuard }: ClaimResponseServices,
  { clientId, pushedId }: AnsweredRequest,
  now: number,
): Promise<void> {
  if (pushedId === null) return;
  // One object of 64 for each, so that no number of people at once fills the room that one has; and of each client its
  // own, so that whoever answers one app all day takes nothing from the people of others.
  const audience = `pushed-${clientId}-${pushedId.charAt(0)}`;
  const end = now + PUSHED_REQUEST_LIFETIME_SECONDS + AUTHORIZATION_FLOW_LIFETIME_SECONDS;
  if (await replayGuard.claim(audience, pushedId, end)) return;
  throw new ProtocolError("invalid_request_uri", "this pushed request was answered already");
}
