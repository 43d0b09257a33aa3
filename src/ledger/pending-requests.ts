import { PENDING_REQUEST_LIFETIME_SECONDS, REFUSAL_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { MAX_WAITING_PER_CLIENT, MAX_WAITING_PER_PARTY, MAX_WAITING_REQUESTS } from "../shared/limits.ts";
import type { AskedPermission, AskedScopes } from "./approval.ts";
import type { AuthorName } from "./change.ts";
import { LateTable } from "./late-table.ts";
import { findRow, type LedgerSql, type LedgerStorage, type LedgerValue, listRows } from "./storage.ts";

export const REQUEST_STATUSES = ["waiting", "approved", "refused", "expired"] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Who asks for what: the same is one request, however often it comes (docs/owner-tools.md). */
export interface RequestKey {
  /** Only somebody known makes a request (ledger/README.md, rule 9). */
  readonly partyReference: string;
  readonly clientId: string;
  /** As `likenessOf` (approval.ts) says. */
  readonly likeness: string;
}

/** What is asked of the owner. */
export interface Asking extends RequestKey {
  readonly id: string;
  readonly resourceServerId: string;
  /** The process that asks; its polls are no new request. */
  readonly processId: string;
  readonly asked: readonly AskedPermission[];
  /** Who asks, sealed: a yes is about nobody else. */
  readonly sealedClaims: string;
}

/** What an owner decided. */
export interface OwnersDecision {
  readonly status: "approved" | "refused";
  readonly operationId: string;
  readonly author: AuthorName;
  /** Nothing for a refusal. */
  readonly allowed: readonly AskedScopes[];
  /** The policies that it came to. */
  readonly policyIds: readonly string[];
  /** Epoch seconds; null: no end of its own. */
  readonly until: number | null;
  /** What the owner says to whoever asked; null: nothing. */
  readonly sealedWord: string | null;
  /** Epoch seconds. */
  readonly at: number;
}

/** A request as it is kept. Times are epoch seconds. */
export interface PendingRequest extends Asking {
  /** Its place among all, by which lists are paged. */
  readonly sequence: number;
  readonly status: RequestStatus;
  /** Raised by whatever happens to it but another asking. */
  readonly version: number;
  readonly createdAt: number;
  readonly lastAskedAt: number;
  readonly timesAsked: number;
  /** When it expires, or is forgotten if it waits no more. */
  readonly endsAt: number;
  /** Whether the answer has reached whoever asked. */
  readonly isTold: boolean;
  readonly decision: OwnersDecision | null;
}

interface RequestRow {
  readonly sequence: number;
  readonly id: string;
  readonly party_reference: string;
  readonly client_id: string;
  readonly likeness: string;
  readonly resource_server_id: string;
  readonly process_id: string;
  readonly asked: string;
  readonly sealed_claims: string;
  readonly status: RequestStatus;
  readonly version: number;
  readonly created_at: number;
  readonly last_asked_at: number;
  readonly times_asked: number;
  readonly ends_at: number;
  readonly told: number;
  readonly decision: string | null;
}

const NAME = "pending_requests";
const CREATE = [
  `CREATE TABLE IF NOT EXISTS ${NAME} (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    party_reference TEXT NOT NULL,
    client_id TEXT NOT NULL,
    likeness TEXT NOT NULL,
    resource_server_id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    asked TEXT NOT NULL,
    sealed_claims TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_asked_at INTEGER NOT NULL,
    times_asked INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    told INTEGER NOT NULL,
    decision TEXT
  ) STRICT`,
  // A likeness may be long, and few of one party and client differ in nothing else.
  `CREATE INDEX IF NOT EXISTS ${NAME}_by_party ON ${NAME} (party_reference, client_id)`,
  `CREATE INDEX IF NOT EXISTS ${NAME}_by_status ON ${NAME} (status, sequence)`,
  `CREATE INDEX IF NOT EXISTS ${NAME}_by_end ON ${NAME} (ends_at)`,
];
const FIND = `SELECT * FROM ${NAME} WHERE party_reference = ? AND client_id = ? AND likeness = ?`;
const COUNT = `
  SELECT count(*) AS all_waiting, coalesce(sum(party_reference = ?), 0) AS of_party,
    coalesce(sum(client_id = ?), 0) AS of_client
  FROM ${NAME} WHERE status = 'waiting'`;
const INSERT = `
  INSERT INTO ${NAME} (id, party_reference, client_id, likeness, resource_server_id, process_id, asked, sealed_claims,
    status, version, created_at, last_asked_at, times_asked, ends_at, told)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', 1, ?9, ?9, 1, ?10, 0)`;
const ASK_AGAIN = `
  UPDATE ${NAME} SET process_id = ?, sealed_claims = ?, last_asked_at = ?, times_asked = times_asked + 1
  WHERE sequence = ?`;
const ASK_OTHERWISE = `UPDATE ${NAME} SET asked = ?, version = version + 1 WHERE sequence = ?`;
const DECIDE = `
  UPDATE ${NAME} SET status = ?, version = version + 1, decision = ?, ends_at = ?, told = 0 WHERE sequence = ?`;
const FIND_APPROVED = `SELECT * FROM ${NAME} WHERE decision ->> '$.operationId' = ? AND status = 'approved'`;
/** It waits for as long as it would have waited, and a day at least. */
const REOPEN = `
  UPDATE ${NAME} SET status = 'waiting', version = version + 1, decision = NULL,
    ends_at = max(created_at + ${PENDING_REQUEST_LIFETIME_SECONDS}, ? + 86400)
  WHERE sequence = ?`;
const TELL = `
  UPDATE ${NAME} SET told = 1, ends_at = max((decision ->> '$.at') + ${REFUSAL_LIFETIME_SECONDS}, ?) WHERE sequence = ?`;
const EXPIRE = `
  UPDATE ${NAME} SET status = 'expired', version = version + 1, ends_at = ends_at + ${REFUSAL_LIFETIME_SECONDS}
  WHERE sequence IN (SELECT sequence FROM ${NAME} WHERE status = 'waiting' AND ends_at <= ? ORDER BY ends_at LIMIT ?)
  RETURNING *`;

function fromRow(row: RequestRow): PendingRequest {
  return {
    sequence: row.sequence,
    id: row.id,
    partyReference: row.party_reference,
    clientId: row.client_id,
    likeness: row.likeness,
    resourceServerId: row.resource_server_id,
    processId: row.process_id,
    asked: JSON.parse(row.asked),
    sealedClaims: row.sealed_claims,
    status: row.status,
    version: row.version,
    createdAt: row.created_at,
    lastAskedAt: row.last_asked_at,
    timesAsked: row.times_asked,
    endsAt: row.ends_at,
    isTold: row.told === 1,
    decision: row.decision === null ? null : JSON.parse(row.decision),
  };
}

/**
 * What waits for the owner's decision, and what was decided of late. It is no ticket: it lives for weeks, and whoever
 * comes again with the same finds it. What a yes gives is no matter of this table: that is a policy.
 */
export class PendingRequests {
  readonly #sql: LedgerSql;
  readonly #table: LateTable;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    this.#table = new LateTable(sql, NAME, CREATE);
  }

  /** What waits past its time has expired, though the alarm has not come to it yet. */
  find({ partyReference, clientId, likeness }: RequestKey, now: number): PendingRequest | null {
    const found = this.#one(FIND, partyReference, clientId, likeness);
    if (found === null || found.endsAt > now) return found;
    return found.status === "waiting" ? { ...found, status: "expired" } : null;
  }

  /** Whether none was ever made here. */
  isEmpty(): boolean {
    return !this.#table.exists();
  }

  findById(id: string): PendingRequest | null {
    return this.#one(`SELECT * FROM ${NAME} WHERE id = ?`, id);
  }

  /**
   * Puts a request to the owner. One that waits already is asked again; what was decided about the same before makes room
   * for it, because whoever calls has seen that it no longer answers.
   *
   * @returns "crowded": so many wait that this one must not
   */
  ask(asking: Asking, now: number): "new" | "again" | "crowded" {
    const { partyReference, clientId, likeness } = asking;
    const before = this.#one(FIND, partyReference, clientId, likeness);
    if (before?.status === "waiting") {
      this.#askAgain(before, asking, now);
      return "again";
    }
    if (this.#isCrowded(asking)) return "crowded";
    this.#table.make();
    if (before !== null) this.remove(before);
    const { id, resourceServerId, processId, asked, sealedClaims } = asking;
    const what = [resourceServerId, processId, JSON.stringify(asked), sealedClaims];
    const endsAt = now + PENDING_REQUEST_LIFETIME_SECONDS;
    this.#sql.exec(INSERT, id, partyReference, clientId, likeness, ...what, now, endsAt);
    return "new";
  }

  /** A poll is no news, unless the owner's policies leave something else to them by now. */
  #askAgain(before: PendingRequest, { processId, asked, sealedClaims }: Asking, now: number): void {
    const { sequence } = before;
    if (before.processId !== processId) this.#sql.exec(ASK_AGAIN, processId, sealedClaims, now, sequence);
    const text = JSON.stringify(asked);
    if (JSON.stringify(before.asked) !== text) this.#sql.exec(ASK_OTHERWISE, text, sequence);
  }

  /** So many that its owner could not read them, or that one asker drowns the others (ledger/README.md, rule 9). */
  #isCrowded({ partyReference, clientId }: RequestKey): boolean {
    if (!this.#table.exists()) return false;
    const counts = findRow<{ all_waiting: number; of_party: number; of_client: number }>(
      this.#sql,
      COUNT,
      partyReference,
      clientId,
    );
    if (counts === null) return false;
    const { all_waiting, of_party, of_client } = counts;
    return (
      of_party >= MAX_WAITING_PER_PARTY || of_client >= MAX_WAITING_PER_CLIENT || all_waiting >= MAX_WAITING_REQUESTS
    );
  }

  /** INVARIANT: whoever calls has seen in the same block that it waits, in the version that the owner has read. */
  decide({ sequence }: PendingRequest, decision: OwnersDecision): void {
    const endsAt = decision.at + PENDING_REQUEST_LIFETIME_SECONDS;
    this.#sql.exec(DECIDE, decision.status, JSON.stringify(decision), endsAt, sequence);
  }

  /**
   * A policy that a yes came to was refused for good, so the request waits again.
   * @returns the ids of all policies of that yes; none where it waits already
   */
  reopen(operationId: string, now: number): readonly string[] {
    const approved = this.#one(FIND_APPROVED, operationId);
    if (approved === null) return [];
    this.#sql.exec(REOPEN, now, approved.sequence);
    return approved.decision?.policyIds ?? [];
  }

  /** The answer reaches whoever asked; it then stands for its week. */
  tell({ sequence, status }: PendingRequest, now: number): void {
    if (status === "approved" || status === "refused") this.#sql.exec(TELL, now, sequence);
    else this.remove({ sequence });
  }

  remove({ sequence }: Pick<PendingRequest, "sequence">): void {
    this.#sql.exec(`DELETE FROM ${NAME} WHERE sequence = ?`, sequence);
  }

  /** Newest first. @param before a place; null: from the newest. @param status null: whatever its status */
  list(status: RequestStatus | null, before: number | null, limit: number): readonly PendingRequest[] {
    const last = before ?? Number.MAX_SAFE_INTEGER;
    const ofStatus = status === null ? "" : "status = ? AND";
    const query = `SELECT * FROM ${NAME} WHERE ${ofStatus} sequence < ? ORDER BY sequence DESC LIMIT ?`;
    return this.#many(query, ...(status === null ? [] : [status]), last, limit);
  }

  /** What waits past its time expires. @returns what did */
  expire(now: number, limit: number): readonly PendingRequest[] {
    return this.#many(EXPIRE, now, limit);
  }

  removeEnded(now: number): void {
    if (!this.#table.exists()) return;
    this.#sql.exec(`DELETE FROM ${NAME} WHERE ends_at <= ? AND status <> 'waiting'`, now);
  }

  firstEnd(): number | null {
    if (!this.#table.exists()) return null;
    return findRow<{ end: number | null }>(this.#sql, `SELECT min(ends_at) AS end FROM ${NAME}`)?.end ?? null;
  }

  #one(query: string, ...bindings: LedgerValue[]): PendingRequest | null {
    return this.#many(query, ...bindings)[0] ?? null;
  }

  #many(query: string, ...bindings: LedgerValue[]): readonly PendingRequest[] {
    if (!this.#table.exists()) return [];
    return listRows<RequestRow>(this.#sql, query, ...bindings).map(fromRow);
  }
}
