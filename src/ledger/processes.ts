import { PROCESS_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

/** What an authorization process has gathered so far. */
export interface GatheredClaims {
  readonly sealedClaims: string;
  readonly partyReference: string;
  /** What the party wants to be known by next time, sealed: handed to the client with the RPT (Grant §3.3.5). */
  readonly sealedPct: string | null;
}

interface ProcessRow {
  readonly sealed_claims: string;
  readonly party_reference: string;
  readonly sealed_pct: string | null;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS processes (
    id TEXT PRIMARY KEY,
    sealed_claims TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed_pct TEXT
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS processes_by_end ON processes (expires_at)",
];
const GROW = "ALTER TABLE processes ADD COLUMN sealed_pct TEXT";
/** What somebody wants to be known by is nothing for whoever takes their place. */
const KEEP = `
  INSERT INTO processes (id, sealed_claims, party_reference, expires_at, sealed_pct) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    sealed_pct = coalesce(excluded.sealed_pct, iif(party_reference = excluded.party_reference, sealed_pct, NULL)),
    sealed_claims = excluded.sealed_claims, party_reference = excluded.party_reference, expires_at = excluded.expires_at`;

function fromRow(row: ProcessRow): GatheredClaims {
  return { sealedClaims: row.sealed_claims, partyReference: row.party_reference, sealedPct: row.sealed_pct };
}

/** Claims gathered in processes that have not come to an end. A process that gathered nothing has no row. */
export class Processes {
  readonly #sql: LedgerSql;
  #isGrown = false;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its index, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  find(id: string): GatheredClaims | null {
    this.#grow();
    const query = "SELECT sealed_claims, party_reference, sealed_pct FROM processes WHERE id = ?";
    const row = findRow<ProcessRow>(this.#sql, query, id);
    return row && fromRow(row);
  }

  keep(id: string, gathered: GatheredClaims, now: number): void {
    this.#grow();
    const { sealedClaims, partyReference, sealedPct } = gathered;
    this.#sql.exec(KEEP, id, sealedClaims, partyReference, now + PROCESS_LIFETIME_SECONDS, sealedPct);
  }

  /** A ledger that was opened by an older release has the table without this column. */
  #grow(): void {
    if (this.#isGrown) return;
    const query = "SELECT 1 AS found FROM pragma_table_info('processes') WHERE name = 'sealed_pct'";
    this.#isGrown = findRow(this.#sql, query) !== null;
    if (!this.#isGrown) this.#sql.exec(GROW);
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
