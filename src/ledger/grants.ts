import type { RptFormat } from "../protocol/client.ts";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../protocol/lifetimes.ts";
import type { GrantedRpt } from "./contract.ts";
import { type HeldPermission, lastEnd, permissionBodies } from "./held-permission.ts";
import { findRow, type LedgerSql, type LedgerStorage, type LedgerValue, listRows } from "./storage.ts";

/** A live grant: what came of one authorization process. Times are epoch seconds. */
export interface Grant {
  /** The id of the process that it came of; a process makes one grant at most. */
  readonly id: string;
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly rptFormat: RptFormat;
  readonly partyReference: string;
  readonly permissions: readonly HeldPermission[];
  /** The place in the book up to which it has been judged. */
  readonly judged: number;
  /** The claims it was granted on, sealed; null when there were none. */
  readonly sealedClaims: string | null;
  /** Seconds that an RPT of this grant lives. */
  readonly tokenLifetime: number;
  readonly createdAt: number;
  /** Null: it cannot be refreshed. */
  readonly refreshGeneration: number | null;
  /** The attempt that last refreshed it. */
  readonly refreshAttempt: string | null;
  readonly expiresAt: number;
}

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

const INSERT = `
  INSERT INTO grants (id, client_id, resource_server_id, rpt_format, party_reference, permissions, judged,
    sealed_claims, token_lifetime, created_at, refresh_generation, refresh_attempt, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE = `
  UPDATE grants SET permissions = ?, judged = ?, refresh_generation = ?, refresh_attempt = ?, expires_at = ?
  WHERE id = ?`;

/** The live grants of an owner. What is no longer held is deleted, not marked: absence is the safe answer. */
export class Grants {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
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

/**
 * When a grant ends: with its RPT, or, if it can be refreshed, after lying idle or at its hard end.
 *
 * @returns epoch seconds
 */
export function grantEnd(
  grant: Pick<Grant, "permissions" | "createdAt" | "tokenLifetime">,
  refreshable: boolean,
  now: number,
): number {
  const end = lastEnd(grant.permissions);
  if (!refreshable) return Math.min(now + grant.tokenLifetime, end);
  return Math.min(grant.createdAt + GRANT_LIFETIME_SECONDS, now + REFRESH_IDLE_SECONDS, end);
}

/** A grant as an RPT states it: never longer than what it holds, nor past the grant's own end. */
export function toGrantedRpt(grant: Grant, now: number): GrantedRpt {
  const expiresAt = Math.floor(Math.min(now + grant.tokenLifetime, lastEnd(grant.permissions), grant.expiresAt));
  return {
    grantId: grant.id,
    resourceServerId: grant.resourceServerId,
    rptFormat: grant.rptFormat,
    partyReference: grant.partyReference,
    permissions: permissionBodies(grant.permissions, now, expiresAt),
    issuedAt: now,
    expiresAt,
    refreshGeneration: grant.refreshGeneration,
  };
}

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
