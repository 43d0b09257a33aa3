import { type Pace, step } from "../../protocol/pace.ts";
import { epochSeconds, MINUTE } from "../../shared/time.ts";
import { ExpiringRowsObject } from "./expiring-rows.ts";

const TABLE = {
  name: "paces",
  end: "free_at",
  schema: `CREATE TABLE IF NOT EXISTS paces (
    key TEXT PRIMARY KEY,
    free_at REAL NOT NULL
  ) STRICT, WITHOUT ROWID`,
  /** Strangers bring them about. */
  maxLive: 20_000,
  purgeEvery: 10 * MINUTE,
};

/** Keeps the pace of whatever strangers can bring about. Only hashes get here; each row is dropped once it says nothing. */
export class PacerObject extends ExpiringRowsObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, TABLE);
  }

  /**
   * INVARIANT: looking and counting are one synchronous step, so of any number at once no more pass than may.
   * @returns seconds to wait; 0: it may happen, and counts.
   */
  async take(key: string, pace: Pace): Promise<number> {
    const now = epochSeconds();
    const known = this.#find(key);
    // INVARIANT: a full table forgets nothing, so whoever comes then waits without being counted.
    if (known === null && !this.hasRoom(now)) return MINUTE;
    const { wait, freeAt } = step(pace, known, now);
    if (wait > 0) return wait;
    this.sql.exec("INSERT OR REPLACE INTO paces VALUES (?, ?)", key, freeAt);
    await this.added(known === null ? 1 : 0, now);
    return 0;
  }

  #find(key: string): number | null {
    const rows = this.sql.exec<{ free_at: number }>("SELECT free_at FROM paces WHERE key = ?", key).toArray();
    return rows[0]?.free_at ?? null;
  }
}
