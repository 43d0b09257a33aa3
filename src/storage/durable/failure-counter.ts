import { DurableObject } from "cloudflare:workers";
import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_FAILURES, MAX_FAILURES_PER_SOURCE } from "../../shared/limits.ts";
import { epochSeconds } from "../../shared/time.ts";
import { countFailure, type FailureCount, penaltyOf } from "./failure-count.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS failures (
  subject TEXT NOT NULL,
  source TEXT NOT NULL,
  failures INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (subject, source)
) STRICT, WITHOUT ROWID`;

/** The source of the row that counts a subject's failures from everywhere; no hash is empty. */
const EVERYWHERE = "";
/** Live rows of one object. Strangers choose both halves of a key, so they must not fill the storage. */
const MAX_LIVE = 20_000;

/**
 * Counts the failures of some subjects exactly, however many isolates see them. Only hashes get here, and each row is
 * dropped when its time is over.
 */
export class FailureCounterObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  #live: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
    this.#live = this.#count();
  }

  /**
   * INVARIANT: looking and counting are one synchronous step, so of any number of failures at once each is counted.
   * @returns the penalty of this source, in seconds; 0: none.
   */
  async record(subject: string, source: string): Promise<number> {
    const now = epochSeconds();
    if (this.#live >= MAX_LIVE) this.#purge(now);
    // INVARIANT: a full table forgets nobody's failures, so whoever fails then waits without being counted.
    if (this.#live >= MAX_LIVE) return FAILURE_WINDOW_SECONDS;
    const penalty = this.#record(subject, source, now);
    if ((await this.ctx.storage.getAlarm()) === null) await this.#schedulePurge(now);
    return penalty;
  }

  override async alarm(): Promise<void> {
    const now = epochSeconds();
    this.#purge(now);
    if (this.#live > 0) await this.#schedulePurge(now);
  }

  #record(subject: string, source: string, now: number): number {
    const [before, everywhereBefore] = [this.#find(subject, source), this.#find(subject, EVERYWHERE)];
    const known = before === null ? 0 : penaltyOf(before, MAX_FAILURES_PER_SOURCE, now);
    if (known > 0) return known;
    const everywhere = countFailure(everywhereBefore, MAX_FAILURES, now);
    // Guessed at from many places, each gets one try at a time; who has not failed is not held up.
    const isAttacked = penaltyOf(everywhere, MAX_FAILURES, now) > 0;
    const own = isAttacked ? penalised(now) : countFailure(before, MAX_FAILURES_PER_SOURCE, now);
    this.#keep(subject, EVERYWHERE, everywhere);
    this.#keep(subject, source, own);
    this.#live += (before === null ? 1 : 0) + (everywhereBefore === null ? 1 : 0);
    return penaltyOf(own, MAX_FAILURES_PER_SOURCE, now);
  }

  #find(subject: string, source: string): FailureCount | null {
    const query = "SELECT failures, ends_at AS endsAt FROM failures WHERE subject = ? AND source = ?";
    return this.#sql.exec<{ failures: number; endsAt: number }>(query, subject, source).toArray()[0] ?? null;
  }

  #keep(subject: string, source: string, { failures, endsAt }: FailureCount): void {
    const query = "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)";
    this.#sql.exec(query, subject, source, failures, endsAt);
  }

  #purge(now: number): void {
    this.#sql.exec("DELETE FROM failures WHERE ends_at <= ?", now);
    this.#live = this.#count();
  }

  #count(): number {
    return this.#sql.exec<{ live: number }>("SELECT count(*) AS live FROM failures").one().live;
  }

  async #schedulePurge(now: number): Promise<void> {
    await this.ctx.storage.setAlarm((now + FAILURE_WINDOW_SECONDS) * 1000);
  }
}

function penalised(now: number): FailureCount {
  return { failures: MAX_FAILURES_PER_SOURCE, endsAt: now + FAILURE_WINDOW_SECONDS };
}
