import type { KeptNotice } from "../events/notice.ts";
import { LateTable } from "./late-table.ts";
import { findRow, type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

interface OutboxRow {
  readonly id: string;
  readonly at: number;
  readonly notice: string;
  readonly attempts: number;
}

/** A notice on its way, and how often it was tried to tell it. */
export interface WaitingNotice extends KeptNotice {
  readonly attempts: number;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    notice TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS outbox_by_turn ON outbox (due_at)",
];

/** Notices that have yet to be told: each is written in the block in which it happens, so that none is lost. */
export class Outbox {
  readonly #sql: LedgerSql;
  readonly #table: LateTable;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    this.#table = new LateTable(sql, "outbox", CREATE);
  }

  add({ id, at, notice }: KeptNotice): void {
    this.#table.make();
    const query = "INSERT INTO outbox (id, at, notice, attempts, due_at) VALUES (?1, ?2, ?3, 0, ?2)";
    this.#sql.exec(query, id, at, JSON.stringify(notice));
  }

  /** Those whose turn it is, the longest waiting first. */
  listDue(now: number, limit: number): readonly WaitingNotice[] {
    if (!this.#table.exists()) return [];
    const query = "SELECT * FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?";
    const rows = listRows<OutboxRow>(this.#sql, query, now, limit);
    return rows.map(({ id, at, notice, attempts }) => ({ id, at, notice: JSON.parse(notice), attempts }));
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM outbox WHERE id = ?", id);
  }

  /** After it could not be told. @param dueAt when to try again, epoch seconds. */
  postpone(id: string, dueAt: number): void {
    this.#sql.exec("UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?", dueAt, id);
  }

  /** Whatever has not been told is not told any more. */
  clear(): void {
    if (this.#table.exists()) this.#sql.exec("DELETE FROM outbox");
  }

  /** Nothing will ever have to be told again. */
  drop(): void {
    this.#table.drop();
  }

  /** When there is something to tell, epoch seconds; null: never. */
  firstTurn(): number | null {
    if (!this.#table.exists()) return null;
    return findRow<{ due: number | null }>(this.#sql, "SELECT min(due_at) AS due FROM outbox")?.due ?? null;
  }
}
