import { DurableObject } from "cloudflare:workers";
import { epochSeconds } from "../../shared/time.ts";

/** A table whose rows have an end: how it is made, and what it is called. */
interface ExpiringTable {
  readonly schema: string;
  readonly name: string;
  /** The column that says when a row ends, epoch seconds. */
  readonly end: string;
  /** Rows that may live at a time: strangers bring them about, so they must not fill the storage. */
  readonly maxLive: number;
  /** Seconds between two looks for rows that have ended: they are dropped together, not one by one. */
  readonly purgeEvery: number;
}

/** An object that keeps rows of one table until they end, and no more than so many of them. */
export abstract class ExpiringRowsObject extends DurableObject<Env> {
  protected readonly sql: SqlStorage;
  readonly #table: ExpiringTable;
  #live: number;

  constructor(ctx: DurableObjectState, env: Env, table: ExpiringTable) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.#table = table;
    this.sql.exec(table.schema);
    this.#live = this.#count();
  }

  /** Whether there is room for a row more, after what has ended made room. */
  protected hasRoom(now: number): boolean {
    if (this.#live >= this.#table.maxLive) this.#purge(now);
    return this.#live < this.#table.maxLive;
  }

  /** Whether less than half of the room is taken. */
  protected get isHalfEmpty(): boolean {
    return this.#live < this.#table.maxLive / 2;
  }

  /** To be called after rows were added, in the same step, so that they are dropped when they have ended. */
  protected async added(rows: number, now: number): Promise<void> {
    this.#live += rows;
    if ((await this.ctx.storage.getAlarm()) === null) await this.#schedulePurge(now);
  }

  /** @returns whether rows are left. */
  protected async purge(): Promise<boolean> {
    const now = epochSeconds();
    this.#purge(now);
    if (this.#live === 0) return false;
    await this.#schedulePurge(now);
    return true;
  }

  override async alarm(): Promise<void> {
    await this.purge();
  }

  #purge(now: number): void {
    this.sql.exec(`DELETE FROM ${this.#table.name} WHERE ${this.#table.end} <= ?`, now);
    this.#live = this.#count();
  }

  #count(): number {
    return this.sql.exec<{ live: number }>(`SELECT count(*) AS live FROM ${this.#table.name}`).one().live;
  }

  async #schedulePurge(now: number): Promise<void> {
    await this.ctx.storage.setAlarm((now + this.#table.purgeEvery) * 1_000);
  }
}
