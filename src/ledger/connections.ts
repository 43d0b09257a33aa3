import { type Actor, isAdministrator } from "../protocol/actor.ts";
import { type ConnectedCaller, familyOf } from "../protocol/connection.ts";
import { CLOCK_SKEW_SECONDS, TICKET_LIFETIME_MAX_SECONDS } from "../protocol/lifetimes.ts";
import type { PermissionTicket } from "../protocol/ticket.ts";
import { MAX_REVOKED_TOKENS } from "../shared/limits.ts";
import type { Introspector } from "./contract.ts";
import { findRow, type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

interface ConnectionRow {
  readonly client_id: string;
  readonly generation: number;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS connections (
    client_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    active INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS revoked_tokens (
    token_id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/**
 * Which clients act for this owner, and which of their access tokens were revoked; the ledger's own copy, so that
 * introspection asks nobody else.
 */
export class Connections {
  readonly #sql: LedgerSql;
  /** The generation of each active connection; asked for anew after each write, also one that is undone. */
  #active: ReadonlyMap<string, number> | null = null;
  /** The ids of revoked tokens; asked for anew after each write, also one that is undone. */
  #revoked: ReadonlySet<string> | null = null;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the tables, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  /** The clients whose connections stand. */
  listStanding(): readonly string[] {
    return [...this.#generations().keys()];
  }

  /** Whether a caller's token was made under the connection as it stands now, and was not revoked. */
  stands({ clientId, generation, tokenId }: ConnectedCaller): boolean {
    return this.#generations().get(clientId) === generation && !this.#isRevoked(tokenId);
  }

  /** Whether a resource server may be told of tokens for it: of a PAT that it stands, else that its connection does. */
  mayIntrospect(caller: Introspector): boolean {
    return caller.generation === null ? this.#generations().has(caller.clientId) : this.stands(caller);
  }

  /** The same of whoever acts for the owner; the right of an administrator is D1's to know, and was asked for there. */
  mayAct(actor: Actor): boolean {
    return isAdministrator(actor) || this.stands(actor);
  }

  /** Whether a ticket's resource server may still ask for it: under the connection and with the token that it had then. */
  upholds({ resourceServerId, connectionGeneration, tokenId }: PermissionTicket): boolean {
    if (tokenId !== null && this.#isRevoked(tokenId)) return false;
    return this.#generations().get(resourceServerId) === connectionGeneration;
  }

  /** Whether this client ever was connected. */
  isKnown(clientId: string): boolean {
    return findRow(this.#sql, "SELECT 1 FROM connections WHERE client_id = ?", clientId) !== null;
  }

  /** Ends every token of the connection at once; a renewed connection starts when D1 has it (`keep`). */
  suspend(clientId: string): void {
    this.#active = null;
    this.#sql.exec("UPDATE connections SET active = 0 WHERE client_id = ?", clientId);
  }

  /** D1 has made a connection, which stands unless it was changed again meanwhile. */
  keep(clientId: string, generation: number, stands: boolean): void {
    this.#active = null;
    const query = "INSERT OR REPLACE INTO connections (client_id, generation, active) VALUES (?, ?, ?)";
    this.#sql.exec(query, clientId, generation, stands ? 1 : 0);
  }

  /** Whether a client may have one more of its tokens remembered as revoked. */
  mayRevoke(clientId: string): boolean {
    const query = "SELECT count(*) AS n FROM revoked_tokens WHERE client_id = ?";
    return (findRow<{ n: number }>(this.#sql, query, clientId)?.n ?? 0) < MAX_REVOKED_TOKENS;
  }

  /**
   * INVARIANT: a revoked token stands never again; it is forgotten only after it has expired, and whatever ticket was
   * made with it.
   *
   * @param expiresAt epoch seconds
   */
  revoke(clientId: string, tokenId: string, expiresAt: number): void {
    this.#revoked = null;
    const query = "INSERT OR IGNORE INTO revoked_tokens (token_id, client_id, expires_at) VALUES (?, ?, ?)";
    this.#sql.exec(query, tokenId, clientId, expiresAt + TICKET_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS);
  }

  forgetExpired(now: number): void {
    this.#revoked = null;
    this.#sql.exec("DELETE FROM revoked_tokens WHERE expires_at <= ?", now);
  }

  /** When the first revoked token can be forgotten, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(expires_at) AS end FROM revoked_tokens")?.end ?? null;
  }

  /** By itself, or with all of its family. */
  #isRevoked(tokenId: string): boolean {
    const revoked = this.#revokedTokens();
    return revoked.has(tokenId) || revoked.has(familyOf(tokenId));
  }

  #revokedTokens(): ReadonlySet<string> {
    const query = "SELECT token_id FROM revoked_tokens";
    this.#revoked ??= new Set(listRows<{ token_id: string }>(this.#sql, query).map(({ token_id }) => token_id));
    return this.#revoked;
  }

  #generations(): ReadonlyMap<string, number> {
    const query = "SELECT client_id, generation FROM connections WHERE active = 1";
    this.#active ??= new Map(
      listRows<ConnectionRow>(this.#sql, query).map(({ client_id, generation }) => [client_id, generation]),
    );
    return this.#active;
  }
}
