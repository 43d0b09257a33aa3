import type { ConnectionStore } from "../../operations/ports/connection.ts";
import type { ConnectedCaller, Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { standingStatement } from "./under-connection.ts";

interface ConnectionRow {
  readonly owner_id: string;
  readonly client_id: string;
  readonly scopes: string;
  readonly generation: number;
}

const FIND = "SELECT * FROM connections WHERE owner_id = ?1 AND client_id = ?2 AND active = 1";
/** A negative limit is none (SQLite, SELECT). */
const LIST_BY_CLIENT = "SELECT * FROM connections WHERE client_id = ?1 AND active = 1 ORDER BY owner_id LIMIT ?2";
const LIST_BY_OWNER = "SELECT * FROM connections WHERE owner_id = ?1 AND active = 1 ORDER BY client_id";

function fromRow(row: ConnectionRow): Connection {
  return {
    ownerId: row.owner_id,
    clientId: row.client_id,
    scopes: JSON.parse(row.scopes) as ConnectionScope[],
    generation: row.generation,
  };
}

/** Standing connections only. An ended one stays as a row, so that its generation is never used again. */
export class D1ConnectionStore implements ConnectionStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(ownerId: string, clientId: string): Promise<Connection | null> {
    return (await this.#list(FIND, ownerId, clientId))[0] ?? null;
  }

  listByClient(clientId: string, limit: number | null): Promise<readonly Connection[]> {
    return this.#list(LIST_BY_CLIENT, clientId, limit ?? -1);
  }

  listByOwner(ownerId: string): Promise<readonly Connection[]> {
    return this.#list(LIST_BY_OWNER, ownerId);
  }

  async stands(caller: ConnectedCaller, scope: ConnectionScope): Promise<boolean> {
    return (await standingStatement(this.#db, caller, scope).first()) !== null;
  }

  async #list(statement: string, ...parameters: readonly (string | number)[]): Promise<readonly Connection[]> {
    const { results } = await this.#db
      .prepare(statement)
      .bind(...parameters)
      .all<ConnectionRow>();
    return results.map(fromRow);
  }
}
