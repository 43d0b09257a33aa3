import type { ConnectedCaller } from "../protocol/connection.ts";
import { type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

interface ConnectionRow {
  readonly client_id: string;
  readonly generation: number;
}

const CREATE = `
  CREATE TABLE IF NOT EXISTS connections (
    client_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    active INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`;

/** Which clients act for this owner; the ledger's own copy, so that introspection asks nobody else. */
export class Connections {
  readonly #sql: LedgerSql;
  /** The generation of each active connection; asked for anew after each write, also one that is undone. */
  #active: ReadonlyMap<string, number> | null = null;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table, when the ledger is opened; safe to repeat. */
  create(): void {
    this.#sql.exec(CREATE);
  }

  /** Whether a caller's token was made under the connection as it stands now. */
  stands(caller: ConnectedCaller): boolean {
    return this.#generations().get(caller.clientId) === caller.generation;
  }

  /** Whether this generation of a client's connection stands now: a renewed connection is another one. */
  isCurrent(clientId: string, generation: number): boolean {
    return this.#generations().get(clientId) === generation;
  }

  /** Ends every token of the connection at once; a renewed connection starts when D1 has it (`activate`). */
  suspend(clientId: string): void {
    this.#active = null;
    this.#sql.exec("UPDATE connections SET active = 0 WHERE client_id = ?", clientId);
  }

  activate(clientId: string, generation: number): void {
    this.#active = null;
    const query = "INSERT OR REPLACE INTO connections (client_id, generation, active) VALUES (?, ?, 1)";
    this.#sql.exec(query, clientId, generation);
  }

  #generations(): ReadonlyMap<string, number> {
    const query = "SELECT client_id, generation FROM connections WHERE active = 1";
    this.#active ??= new Map(
      listRows<ConnectionRow>(this.#sql, query).map(({ client_id, generation }) => [client_id, generation]),
    );
    return this.#active;
  }
}
