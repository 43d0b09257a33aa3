import type { LedgerSql } from "./storage.ts";

/**
 * The tables of an owner ledger; migrations/README.md tells the lifetime and reason of each. Spent tickets and the
 * activity log make their own tables, one a bucket and one a month, so that dropping one is all it takes to forget.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS book (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER UNIQUE,
    operation_id TEXT NOT NULL UNIQUE,
    resource_id TEXT,
    at INTEGER NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    result TEXT
  ) STRICT`,
  // A resource server may change other resources all day: what concerns one is found without reading the rest.
  "CREATE INDEX IF NOT EXISTS book_by_resource ON book (resource_id, sequence)",
  // Each redemption asks what is pending, and the book is long.
  "CREATE INDEX IF NOT EXISTS book_pending ON book (epoch) WHERE state = 'pending'",
  `CREATE TABLE IF NOT EXISTS connections (
    client_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    active INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS processes (
    id TEXT PRIMARY KEY,
    sealed_claims TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS processes_by_end ON processes (expires_at)",
  `CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    resource_server_id TEXT NOT NULL,
    rpt_format TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    permissions TEXT NOT NULL,
    judged INTEGER NOT NULL,
    sealed_claims TEXT,
    token_lifetime INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    refresh_generation INTEGER,
    refresh_attempt TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS grants_by_end ON grants (expires_at)",
  `CREATE TABLE IF NOT EXISTS uses (
    policy_id TEXT PRIMARY KEY,
    used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** Makes the tables. Safe to repeat; schemas grow before they shrink (ledger/README.md, rule 10). */
export function createTables(sql: LedgerSql): void {
  for (const statement of TABLES) sql.exec(statement);
}
