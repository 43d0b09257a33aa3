import { PROCESS_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

/** What an authorization process has gathered so far. */
export interface GatheredClaims {
  readonly sealedClaims: string;
  readonly partyReference: string;
}

interface ProcessRow {
  readonly sealed_claims: string;
  readonly party_reference: string;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS processes (
    id TEXT PRIMARY KEY,
    sealed_claims TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS processes_by_end ON processes (expires_at)",
];
const KEEP = `
  INSERT OR REPLACE INTO processes (id, sealed_claims, party_reference, expires_at) VALUES (?, ?, ?, ?)`;

function fromRow(row: ProcessRow): GatheredClaims {
  return { sealedClaims: row.sealed_claims, partyReference: row.party_reference };
}

/** Claims gathered in processes that have not come to an end. A process that gathered nothing has no row. */
export class Processes {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its index, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  find(id: string): GatheredClaims | null {
    const query = "SELECT sealed_claims, party_reference FROM processes WHERE id = ?";
    const row = findRow<ProcessRow>(this.#sql, query, id);
    return row && fromRow(row);
  }

  keep(id: string, gathered: GatheredClaims, now: number): void {
    this.#sql.exec(KEEP, id, gathered.sealedClaims, gathered.partyReference, now + PROCESS_LIFETIME_SECONDS);
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM processes WHERE id = ?", id);
  }

  removeExpired(now: number): void {
    this.#sql.exec("DELETE FROM processes WHERE expires_at <= ?", now);
  }

  firstEnd(): number | null {
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(expires_at) AS end FROM processes")?.end ?? null;
  }

  count(): number {
    return findRow<{ n: number }>(this.#sql, "SELECT count(*) AS n FROM processes")?.n ?? 0;
  }
}
