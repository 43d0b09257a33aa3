import { findRow, type LedgerSql } from "./storage.ts";

/**
 * A table that ledgers did not have from the first: it is made when something is first kept in it, because a ledger is
 * opened once (ledger/README.md, rule 8).
 */
export class LateTable {
  readonly #sql: LedgerSql;
  readonly #name: string;
  readonly #create: readonly string[];
  #isThere = false;

  constructor(sql: LedgerSql, name: string, create: readonly string[]) {
    this.#sql = sql;
    this.#name = name;
    this.#create = create;
  }

  /** Whether there is anything to look for. */
  exists(): boolean {
    const query = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?";
    // Not remembered from `make`: its block may have been undone.
    this.#isThere ||= findRow(this.#sql, query, this.#name) !== null;
    return this.#isThere;
  }

  /** Before something is kept; safe to repeat. */
  make(): void {
    if (this.exists()) return;
    for (const statement of this.#create) this.#sql.exec(statement);
    this.#isThere = false;
  }

  /** With everything in it; safe to repeat. */
  drop(): void {
    this.#sql.exec(`DROP TABLE IF EXISTS ${this.#name}`);
    this.#isThere = false;
  }
}
