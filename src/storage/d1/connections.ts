import type { AskedOfPerson, ConnectionStore } from "../../operations/ports/connection.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { ConnectedCaller, Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { isWidest } from "./administrators.ts";
import { actingStatement, standingStatement } from "./under-connection.ts";

interface ConnectionRow {
  readonly owner_id: string;
  readonly client_id: string;
  readonly scopes: string;
  readonly generation: number;
}

const FIND = "SELECT * FROM connections WHERE owner_id = ?1 AND client_id = ?2 AND active = 1";
const FIND_OF_PERSON = `
  SELECT connections.* FROM identities
  CROSS JOIN accounts ON accounts.id = identities.account_id
  CROSS JOIN administrators ON administrators.owner_id = coalesce(?2, accounts.owner_id)
    AND administrators.account_id = accounts.id
  CROSS JOIN connections ON connections.owner_id = administrators.owner_id AND connections.client_id = ?3 AND active = 1
  WHERE identities.id = ?1 AND ${isWidest("?4")}`;
const LIST_BY_CLIENT = "SELECT * FROM connections WHERE client_id = ?1 AND active = 1 ORDER BY owner_id LIMIT ?2";
const LIST_BY_OWNER = "SELECT * FROM connections WHERE owner_id = ?1 AND active = 1 ORDER BY client_id";
/** A client may have as many connections as there are owners: the first that stands is enough. */
const LIST_CONNECTED = `
  SELECT value AS id FROM json_each(?1)
  WHERE EXISTS (SELECT 1 FROM connections WHERE client_id = value AND active = 1)`;
/** Ended connections count if resources were left behind under them. */
const LIST_OWNERS_OF = `
  SELECT owner_id FROM connections
  WHERE client_id = ?1 AND (active = 1 OR EXISTS (
    SELECT 1 FROM resources WHERE resources.owner_id = connections.owner_id AND resource_server_id = ?1))
  LIMIT ?2`;

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

  async findOfPerson({ identityId, ownerId, clientId }: AskedOfPerson, now: number): Promise<Connection | null> {
    return (await this.#list(FIND_OF_PERSON, identityId, ownerId, clientId, now))[0] ?? null;
  }

  listByClient(clientId: string, limit: number): Promise<readonly Connection[]> {
    return this.#list(LIST_BY_CLIENT, clientId, limit);
  }

  async listOwnersOf(clientId: string, limit: number): Promise<readonly string[]> {
    const { results } = await this.#db.prepare(LIST_OWNERS_OF).bind(clientId, limit).all<{ owner_id: string }>();
    return results.map(({ owner_id }) => owner_id);
  }

  listByOwner(ownerId: string): Promise<readonly Connection[]> {
    return this.#list(LIST_BY_OWNER, ownerId);
  }

  async listConnected(clientIds: readonly string[]): Promise<readonly string[]> {
    const named = this.#db.prepare(LIST_CONNECTED).bind(JSON.stringify(clientIds));
    return (await named.all<{ id: string }>()).results.map(({ id }) => id);
  }

  async mayAct(actor: Actor): Promise<boolean> {
    return (await actingStatement(this.#db, actor).first()) !== null;
  }

  async stands(caller: ConnectedCaller, scope: ConnectionScope): Promise<boolean> {
    return (await standingStatement(this.#db, caller, scope).first()) !== null;
  }

  async #list(statement: string, ...parameters: readonly (string | number | null)[]): Promise<readonly Connection[]> {
    const { results } = await this.#db
      .prepare(statement)
      .bind(...parameters)
      .all<ConnectionRow>();
    return results.map(fromRow);
  }
}
