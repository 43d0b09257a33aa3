import type { Grant } from "./grant.ts";
import { findRow, type LedgerSql, type LedgerStorage, type LedgerValue, listRows } from "./storage.ts";

interface GrantRow {
  readonly id: string;
  readonly client_id: string;
  readonly resource_server_id: string;
  readonly rpt_format: string;
  readonly party_reference: string;
  readonly permissions: string;
  readonly judged: number;
  readonly sealed_claims: string | null;
  readonly token_lifetime: number;
  readonly created_at: number;
  readonly refresh_generation: number | null;
  readonly refresh_attempt: string | null;
  readonly expires_at: number;
}

const CREATE = [
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
];
const INSERT = `
  INSERT INTO grants (id, client_id, resource_server_id, rpt_format, party_reference, permissions, judged,
    sealed_claims, token_lifetime, created_at, refresh_generation, refresh_attempt, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE = `
  UPDATE grants SET permissions = ?, judged = ?, refresh_generation = ?, refresh_attempt = ?, expires_at = ?
  WHERE id = ?`;

function toBindings(grant: Grant): readonly LedgerValue[] {
  return [
    grant.id,
    grant.clientId,
    grant.resourceServerId,
    grant.rptFormat,
    grant.partyReference,
    JSON.stringify(grant.permissions),
    grant.judged,
    grant.sealedClaims,
    grant.tokenLifetime,
    grant.createdAt,
    grant.refreshGeneration,
    grant.refreshAttempt,
    grant.expiresAt,
  ];
}

function fromRow(row: GrantRow): Grant {
  return {
    id: row.id,
    clientId: row.client_id,
    resourceServerId: row.resource_server_id,
    rptFormat: row.rpt_format === "opaque" ? "opaque" : "jwt",
    partyReference: row.party_reference,
    permissions: JSON.parse(row.permissions),
    judged: row.judged,
    sealedClaims: row.sealed_claims,
    tokenLifetime: row.token_lifetime,
    createdAt: row.created_at,
    refreshGeneration: row.refresh_generation,
    refreshAttempt: row.refresh_attempt,
    expiresAt: row.expires_at,
  };
}

/** The live grants of an owner. What is no longer held is deleted, not marked: absence is the safe answer. */
export class Grants {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its index, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  find(id: string): Grant | null {
    const row = findRow<GrantRow>(this.#sql, "SELECT * FROM grants WHERE id = ?", id);
    return row && fromRow(row);
  }

  insert(grant: Grant): void {
    this.#sql.exec(INSERT, ...toBindings(grant));
  }

  /** Writes what may change of a grant, or deletes it when nothing is held any more. */
  update(grant: Grant): void {
    if (grant.permissions.length === 0) {
      this.remove(grant.id);
      return;
    }
    const { permissions, judged, refreshGeneration, refreshAttempt, expiresAt, id } = grant;
    this.#sql.exec(UPDATE, JSON.stringify(permissions), judged, refreshGeneration, refreshAttempt, expiresAt, id);
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM grants WHERE id = ?", id);
  }

  /** Grants that have not been judged up to this place in the book. */
  listBehind(sequence: number, limit: number): readonly Grant[] {
    return listRows<GrantRow>(this.#sql, "SELECT * FROM grants WHERE judged < ? LIMIT ?", sequence, limit).map(fromRow);
  }

  /** The place in the book up to which every grant has been judged; Infinity when there is none. */
  judgedByAll(): number {
    const query = "SELECT min(judged) AS judged FROM grants";
    return findRow<{ judged: number | null }>(this.#sql, query)?.judged ?? Number.POSITIVE_INFINITY;
  }

  /** @returns how many went; fewer than the limit means that none is left. */
  removeExpired(now: number, limit: number): number {
    const query =
      "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
    this.#sql.exec(query, now, limit);
    return findRow<{ n: number }>(this.#sql, "SELECT changes() AS n")?.n ?? 0;
  }

  /** When the first grant expires, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(expires_at) AS end FROM grants")?.end ?? null;
  }

  count(): number {
    return findRow<{ n: number }>(this.#sql, "SELECT count(*) AS n FROM grants")?.n ?? 0;
  }
}
