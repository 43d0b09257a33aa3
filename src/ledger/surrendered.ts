import { DAY } from "../shared/time.ts";
import type { Grant } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { LateTable } from "./late-table.ts";
import { findRow, type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

/** Whoever names a grant by an id that was read longer ago reads anew. */
const KEPT_SECONDS = DAY;

const CREATE = [
  `CREATE TABLE IF NOT EXISTS surrendered (
    grant_id TEXT NOT NULL,
    successor_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (grant_id, successor_id)
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS surrendered_by_end ON surrendered (expires_at)",
];
const KEEP = "INSERT OR REPLACE INTO surrendered (grant_id, successor_id, expires_at) VALUES (?, ?, ?)";
const FORGET = "DELETE FROM surrendered WHERE grant_id = ?";
const LINE = `
  WITH RECURSIVE line (id) AS (
    SELECT ?1
    UNION SELECT successor_id FROM line CROSS JOIN surrendered ON grant_id = line.id)
  SELECT id FROM line`;

/**
 * Into which grants others went when an RPT of theirs was upgraded. Whoever ends a grant by the id that they know means
 * all that came of it: no client may get out of that by upgrading.
 */
export class Surrendered {
  readonly #sql: LedgerSql;
  readonly #grants: Pick<Grants, "find">;
  readonly #table: LateTable;

  constructor({ sql }: LedgerStorage, grants: Pick<Grants, "find">) {
    this.#sql = sql;
    this.#grants = grants;
    this.#table = new LateTable(sql, "surrendered", CREATE);
  }

  /** INVARIANT: kept in the block in which the grant goes over. */
  keep(grantId: string, successorId: string, now: number): void {
    this.#table.make();
    this.#sql.exec(KEEP, grantId, successorId, now + KEPT_SECONDS);
  }

  /**
   * The grants in which what a grant held may be now: itself, and all that it went into. INVARIANT: whoever takes them ends
   * them in the same block, so where they went is forgotten, and nobody makes us follow a long line again and again.
   */
  takeLine(grantId: string): readonly Grant[] {
    if (!this.#table.exists()) return this.#findAll([grantId]);
    const ids = listRows<{ id: string }>(this.#sql, LINE, grantId).map(({ id }) => id);
    for (const id of ids) this.#sql.exec(FORGET, id);
    return this.#findAll(ids);
  }

  #findAll(ids: readonly string[]): readonly Grant[] {
    return ids.flatMap((id) => this.#grants.find(id) ?? []);
  }

  removeExpired(now: number): void {
    if (this.#table.exists()) this.#sql.exec("DELETE FROM surrendered WHERE expires_at <= ?", now);
  }

  /** When the first is forgotten, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    if (!this.#table.exists()) return null;
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(expires_at) AS end FROM surrendered")?.end ?? null;
  }
}
