import { DurableObject } from "cloudflare:workers";
import { epochSeconds } from "../../shared/time.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS used (
  hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;

/** More live assertions than any client needs; beyond it a client is refused, so that it cannot fill the storage. */
const MAX_LIVE = 10_000;
/** Expired rows are dropped a minute at a time, not one by one. */
const PURGE_EVERY_SECONDS = 60;

/** Remembers the used jti values of one audience until they expire (RFC 7523 §3). One object per audience. */
export class ReplayGuardObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  #live: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
    this.#live = this.#count();
  }

  /**
   * INVARIANT: look and insertion are one synchronous step, so of two equal claims exactly one wins.
   * @param expiresAt epoch seconds, from which the value would be refused as expired anyway.
   * @returns false for a repeat, and when too many are live.
   */
  async claim(hash: string, expiresAt: number): Promise<boolean> {
    const now = epochSeconds();
    if (this.#live >= MAX_LIVE) this.#purge(now);
    if (this.#live >= MAX_LIVE) return false;
    const inserted = this.#sql.exec("INSERT OR IGNORE INTO used VALUES (?, ?)", hash, expiresAt).rowsWritten > 0;
    if (!inserted) return false;
    this.#live += 1;
    if ((await this.ctx.storage.getAlarm()) === null) await this.#schedulePurge(now);
    return true;
  }

  override async alarm(): Promise<void> {
    const now = epochSeconds();
    this.#purge(now);
    if (this.#live > 0) await this.#schedulePurge(now);
  }

  #purge(now: number): void {
    this.#sql.exec("DELETE FROM used WHERE expires_at <= ?", now);
    this.#live = this.#count();
  }

  #count(): number {
    return this.#sql.exec<{ live: number }>("SELECT count(*) AS live FROM used").one().live;
  }

  async #schedulePurge(now: number): Promise<void> {
    await this.ctx.storage.setAlarm((now + PURGE_EVERY_SECONDS) * 1000);
  }
}
