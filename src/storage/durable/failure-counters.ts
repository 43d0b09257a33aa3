import type { Attempt, FailureLimiter } from "../../operations/ports/failure.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { MAX_FAILURES_PER_SOURCE } from "../../shared/limits.ts";
import { sha256 } from "../../shared/sha-256.ts";
import { epochSeconds } from "../../shared/time.ts";
import { countFailure, type FailureCount, penaltyOf } from "./failure-count.ts";
import type { FailureCounterObject } from "./failure-counter.ts";

/** Sources that an isolate remembers; the longest known go first, and the objects still know them. */
const MAX_REMEMBERED = 10_000;

/**
 * The failure counters as the Worker calls them. Each isolate counts for itself what it saw fail, at once and without a
 * round trip, so that a burst of guesses meets the limit however slowly the object answers; the object counts for all.
 */
export class FailureCounters implements FailureLimiter {
  readonly #namespace: DurableObjectNamespace<FailureCounterObject>;
  readonly #seen = new Map<string, FailureCount>();

  constructor(namespace: DurableObjectNamespace<FailureCounterObject>) {
    this.#namespace = namespace;
  }

  penalty(attempt: Attempt): number {
    const seen = this.#seen.get(keyOf(attempt));
    return seen === undefined ? 0 : penaltyOf(seen, MAX_FAILURES_PER_SOURCE, epochSeconds());
  }

  async record(attempt: Attempt): Promise<number> {
    const known = this.penalty(attempt);
    if (known > 0) return known;
    this.note(attempt);
    const [subject, source] = await Promise.all([hashOf(attempt.subject), hashOf(attempt.source)]);
    // All failures of a subject meet in one object, which the first of 64 letters chooses.
    const seconds = await this.#namespace.getByName(`failures-${subject.charAt(0)}`).record(subject, source);
    if (seconds > 0) this.#see(attempt, { failures: MAX_FAILURES_PER_SOURCE, endsAt: epochSeconds() + seconds });
    return this.penalty(attempt);
  }

  note(attempt: Attempt): number {
    const seen = this.#seen.get(keyOf(attempt)) ?? null;
    this.#see(attempt, countFailure(seen, MAX_FAILURES_PER_SOURCE, epochSeconds()));
    return this.penalty(attempt);
  }

  #see(attempt: Attempt, count: FailureCount): void {
    const key = keyOf(attempt);
    this.#seen.delete(key);
    this.#seen.set(key, count);
    const oldest = this.#seen.keys().next();
    if (this.#seen.size > MAX_REMEMBERED && oldest.done !== true) this.#seen.delete(oldest.value);
  }
}

function keyOf({ subject, source }: Attempt): string {
  return JSON.stringify([subject, source]);
}

async function hashOf(text: string): Promise<string> {
  return encodeBase64url(await sha256(text));
}
