import { SharedTurn } from "../../ledger/shared-turn.ts";
import { epochSeconds } from "../../shared/time.ts";
import { ExpiringRowsObject } from "./expiring-rows.ts";

const TABLE = {
  name: "used",
  end: "expires_at",
  schema: `CREATE TABLE IF NOT EXISTS used (
    hash TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  /** Five hundred proofs a second of one key, and more live assertions than any client needs; beyond it one is refused. */
  maxLive: 50_000,
  purgeEvery: 60,
};

/**
 * Remembers the used jti values of one audience until they expire (RFC 7523 §3, RFC 9449 §11.1). One object per audience;
 * keys come and go by the million, so an object that has nothing to remember leaves nothing behind.
 */
export class ReplayGuardObject extends ExpiringRowsObject {
  /** Of one key many proofs come at once, and a commit costs more than all else that is done with one. */
  readonly #turn = new SharedTurn(() => scheduler.wait(0));

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, TABLE);
  }

  /**
   * INVARIANT: look and insertion are one synchronous step, so of two equal claims exactly one wins.
   * @param expiresAt epoch seconds, from which the value would be refused as expired anyway.
   * @returns false for a repeat, and when too many are live.
   */
  async claim(hash: string, expiresAt: number): Promise<boolean> {
    await this.#turn.join();
    const now = epochSeconds();
    this.sql.exec(TABLE.schema);
    if (!this.hasRoom(now)) return false;
    const inserted = this.sql.exec("INSERT OR IGNORE INTO used VALUES (?, ?)", hash, expiresAt).rowsWritten > 0;
    if (inserted) await this.added(1, now);
    return inserted;
  }

  override async alarm(): Promise<void> {
    if (!(await this.purge())) await this.ctx.storage.deleteAll();
  }
}
