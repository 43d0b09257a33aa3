import type { ConnectionScope } from "../protocol/wire/connection.ts";
import type { Rotation } from "./rotation.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

/** Apps on so many devices of one owner are enough; the family that lay idle longest goes. */
const FAMILIES_PER_CLIENT = 100;

/**
 * What came of one authorization code and goes on (RFC 6749 §6): the refresh token of a connection, for as long as that
 * stands. Times are epoch seconds.
 */
export interface Family extends Rotation {
  /** The id of the code that it came of; a code makes one family at most. */
  readonly id: string;
  readonly clientId: string;
  /** Of the connection that it was made under. */
  readonly connectionGeneration: number;
  readonly scopes: readonly ConnectionScope[];
  readonly createdAt: number;
  /** When it last gave an access token. */
  readonly usedAt: number;
}

interface FamilyRow {
  readonly id: string;
  readonly client_id: string;
  readonly connection_generation: number;
  readonly scopes: string;
  readonly created_at: number;
  readonly used_at: number;
  readonly refresh_generation: number;
  readonly refresh_rotated_at: number | null;
  readonly refresh_attempt: string | null;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS families (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    connection_generation INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    refresh_generation INTEGER NOT NULL,
    refresh_rotated_at INTEGER,
    refresh_attempt TEXT
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS families_by_client ON families (client_id, used_at)",
];
const INSERT = `
  INSERT INTO families (id, client_id, connection_generation, scopes, created_at, used_at, refresh_generation,
    refresh_rotated_at, refresh_attempt)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const REMOVE_IDLE_OF_CLIENT = `
  DELETE FROM families WHERE id IN (
    SELECT id FROM families WHERE client_id = ? ORDER BY used_at DESC LIMIT -1 OFFSET ${FAMILIES_PER_CLIENT - 1})`;

function fromRow(row: FamilyRow): Family {
  return {
    id: row.id,
    clientId: row.client_id,
    connectionGeneration: row.connection_generation,
    scopes: JSON.parse(row.scopes) as ConnectionScope[],
    createdAt: row.created_at,
    usedAt: row.used_at,
    refreshGeneration: row.refresh_generation,
    refreshRotatedAt: row.refresh_rotated_at,
    refreshAttempt: row.refresh_attempt,
  };
}

/** The families of refresh tokens that live. What has ended is deleted, not marked: absence is the safe answer. */
export class Families {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its index; safe to repeat (Housekeeping, prepare). */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  find(id: string): Family | null {
    const row = findRow<FamilyRow>(this.#sql, "SELECT * FROM families WHERE id = ?", id);
    return row && fromRow(row);
  }

  /** Keeps a new family; where its client has many already, those that lay idle longest end. */
  insert(family: Family): void {
    const { id, clientId, connectionGeneration, scopes, createdAt, usedAt } = family;
    const { refreshGeneration, refreshRotatedAt, refreshAttempt } = family;
    this.#sql.exec(REMOVE_IDLE_OF_CLIENT, clientId);
    const made = [id, clientId, connectionGeneration, JSON.stringify(scopes), createdAt, usedAt];
    this.#sql.exec(INSERT, ...made, refreshGeneration, refreshRotatedAt, refreshAttempt);
  }

  /** Writes what may change of a family. */
  update({ id, usedAt, refreshGeneration, refreshRotatedAt, refreshAttempt }: Family): void {
    const query = `UPDATE families SET used_at = ?, refresh_generation = ?, refresh_rotated_at = ?, refresh_attempt = ?
      WHERE id = ?`;
    this.#sql.exec(query, usedAt, refreshGeneration, refreshRotatedAt, refreshAttempt, id);
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM families WHERE id = ?", id);
  }

  /** For a connection that is made anew or ends. */
  removeOf(clientId: string): void {
    this.#sql.exec("DELETE FROM families WHERE client_id = ?", clientId);
  }

  /** Forgets those that were last used at or before this time, epoch seconds. */
  removeUnused(since: number): void {
    this.#sql.exec("DELETE FROM families WHERE used_at <= ?", since);
  }

  /** When the one that lies idle longest was used, epoch seconds; null when there is none. */
  firstUse(): number | null {
    return findRow<{ at: number | null }>(this.#sql, "SELECT min(used_at) AS at FROM families")?.at ?? null;
  }
}
