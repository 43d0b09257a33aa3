import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_FAILURES, MAX_FAILURES_PER_SOURCE } from "../../shared/limits.ts";
import { epochSeconds } from "../../shared/time.ts";
import { ExpiringRowsObject } from "./expiring-rows.ts";
import { countFailure, type FailureCount, penaltyOf } from "./failure-count.ts";

const TABLE = {
  name: "failures",
  end: "ends_at",
  schema: `CREATE TABLE IF NOT EXISTS failures (
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    failures INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (subject, source)
  ) STRICT, WITHOUT ROWID`,
  /** Strangers choose both halves of a key. */
  maxLive: 20_000,
  purgeEvery: FAILURE_WINDOW_SECONDS,
};

/** The source of the row that counts a subject's failures from everywhere; no hash is empty. */
const EVERYWHERE = "";

/**
 * Counts the failures of some subjects exactly, however many isolates see them. Only hashes get here, and each row is
 * dropped when its time is over.
 */
export class FailureCounterObject extends ExpiringRowsObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, TABLE);
  }

  /**
   * INVARIANT: looking and counting are one synchronous step, so of any number of failures at once each is counted.
   * @returns the penalty of this source, in seconds; 0: none.
   */
  async record(subject: string, source: string): Promise<number> {
    const now = epochSeconds();
    // INVARIANT: a full table forgets nobody's failures, so whoever fails then waits without being counted.
    if (!this.hasRoom(now)) return FAILURE_WINDOW_SECONDS;
    const [before, everywhere] = [this.#find(subject, source), this.#find(subject, EVERYWHERE)];
    const known = before === null ? 0 : penaltyOf(before, MAX_FAILURES_PER_SOURCE, now);
    if (known > 0) return known;
    const penalty = this.#count(subject, source, { before, everywhere }, now);
    await this.added((before === null ? 1 : 0) + (everywhere === null ? 1 : 0), now);
    return penalty;
  }

  #count(
    subject: string,
    source: string,
    counts: { readonly before: FailureCount | null; readonly everywhere: FailureCount | null },
    now: number,
  ): number {
    const everywhere = countFailure(counts.everywhere, MAX_FAILURES, now);
    // Guessed at from many places, each gets one try at a time; who has not failed is not held up.
    const isAttacked = penaltyOf(everywhere, MAX_FAILURES, now) > 0;
    const own = isAttacked ? penalised(now) : countFailure(counts.before, MAX_FAILURES_PER_SOURCE, now);
    this.#keep(subject, EVERYWHERE, everywhere);
    this.#keep(subject, source, own);
    return penaltyOf(own, MAX_FAILURES_PER_SOURCE, now);
  }

  #find(subject: string, source: string): FailureCount | null {
    const query = "SELECT failures, ends_at AS endsAt FROM failures WHERE subject = ? AND source = ?";
    return this.sql.exec<{ failures: number; endsAt: number }>(query, subject, source).toArray()[0] ?? null;
  }

  #keep(subject: string, source: string, { failures, endsAt }: FailureCount): void {
    const query = "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)";
    this.sql.exec(query, subject, source, failures, endsAt);
  }
}

function penalised(now: number): FailureCount {
  return { failures: MAX_FAILURES_PER_SOURCE, endsAt: now + FAILURE_WINDOW_SECONDS };
}
