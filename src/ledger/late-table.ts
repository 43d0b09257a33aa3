import { findRow, type LedgerSql } from "./storage.ts";

/**
 * A table that ledgers did not have from the first: it is made when something is first kept in it, because a ledger is
 * opened once (ledger/README.md, rule 8).
 */
export class LateTable {
  readonly #sql: LedgerSql;
  readonly #name: string;
  readonly #create: readonly string[];
  /** Null: to be looked up. */
  #isThere: boolean | null = null;
  /** INVARIANT: what was made here is looked up each time, because the block that made it may have been undone. */
  #isOfHere = false;

  constructor(sql: LedgerSql, name: string, create: readonly string[]) {
    this.#sql = sql;
    this.#name = name;
    this.#create = create;
  }

  /** Whether there is anything to look for. */
  exists(): boolean {
    if (this.#isThere !== null) return this.#isThere;
    const query = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?";
    const isThere = findRow(this.#sql, query, this.#name) !== null;
    if (!this.#isOfHere) this.#isThere = isThere;
    return isThere;
  }

  /** Before something is kept; safe to repeat. */
  make(): void {
    if (this.exists()) return;
    this.#isOfHere = true;
    this.#isThere = null;
    for (const statement of this.#create) this.#sql.exec(statement);
  }

  /** With everything in it; safe to repeat. */
  drop(): void {
    this.#isOfHere = true;
    this.#isThere = null;
    this.#sql.exec(`DROP TABLE IF EXISTS ${this.#name}`);
  }
}
