import { type Client, isPublic } from "../protocol/client.ts";
import { ProtocolError } from "../shared/error.ts";
import type { Attempt, FailureLimiter } from "./ports/failure.ts";

/**
 * Counts a failure.
 * @throws ProtocolError too_many_requests once there were too many of late.
 */
export async function recordFailure(
  failures: Pick<FailureLimiter, "record">,
  attempt: Attempt,
  what: string,
): Promise<void> {
  refuse(await failures.record(attempt), what);
}

/**
 * Counts a guess at what is sealed or signed: hopeless, so that counting it may not cost a round trip.
 * @throws ProtocolError too_many_requests once there were too many of late.
 */
export function noteGuess(failures: Pick<FailureLimiter, "note">, attempt: Attempt, what: string): void {
  refuse(failures.note(attempt), what);
}

/**
 * INVARIANT: during a penalty nothing is told about a guess, so not even the right one gets anybody in.
 * @throws ProtocolError too_many_requests while the penalty lasts.
 */
export function checkPenalty(failures: Pick<FailureLimiter, "penalty">, attempt: Attempt, what: string): void {
  refuse(failures.penalty(attempt), what);
}

/**
 * Whose guesses count together: those of a client that has proved who it is, wherever it calls from; under the name of a
 * public client, which anybody may give, those of one source.
 */
export function guesserOf(client: Client, source: string): string {
  return isPublic(client) ? source : `client:${client.id}`;
}

function refuse(seconds: number, what: string): void {
  if (seconds === 0) return;
  throw new ProtocolError("too_many_requests", `too many ${what} from here: wait before the next attempt`, {
    retryAfter: seconds,
  });
}
