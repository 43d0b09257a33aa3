import type { ConnectedCaller } from "../../../protocol/connection.ts";
import { findRow, type LedgerStorage } from "./storage.ts";

/** Which clients act for this owner; the ledger's own copy, so that introspection asks nobody else. */
export class Connections {
  readonly #sql: SqlStorage;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Whether a caller's token was made under the connection as it stands now. */
  stands(caller: ConnectedCaller): boolean {
    const query = "SELECT 1 AS one FROM connections WHERE client_id = ? AND generation = ? AND active = 1";
    return findRow(this.#sql, query, caller.clientId, caller.generation) !== null;
  }

  isActive(clientId: string): boolean {
    return findRow(this.#sql, "SELECT 1 AS one FROM connections WHERE client_id = ? AND active = 1", clientId) !== null;
  }

  /** Ends every token of the connection at once; a renewed connection starts when D1 has it (`activate`). */
  suspend(clientId: string): void {
    this.#sql.exec("UPDATE connections SET active = 0 WHERE client_id = ?", clientId);
  }

  activate(clientId: string, generation: number): void {
    const query = "INSERT OR REPLACE INTO connections (client_id, generation, active) VALUES (?, ?, 1)";
    this.#sql.exec(query, clientId, generation);
  }
}
