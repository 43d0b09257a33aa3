import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { RequestableResources, ResourceStore } from "../../operations/ports/resource.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { Resource } from "../../protocol/resource.ts";
import { PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import { descriptionColumns, factsFromRow, type ProtectedResourceRow } from "./rows.ts";
import { CONNECTION_STANDS, queryUnderConnection } from "./under-connection.ts";

interface ResourceRow extends ProtectedResourceRow {
  readonly owner_id: string;
  readonly description: string;
  readonly created_at: number;
}

/** What a resource server may touch: resources of this owner that it registered itself. */
const OWN = "owner_id = ?1 AND resource_server_id = ?2";
const FIND = `SELECT * FROM resources WHERE id = ?5 AND ${OWN}`;
const LIST = `SELECT id FROM resources WHERE ${OWN} AND ${CONNECTION_STANDS} ORDER BY id`;
const LOAD = `
  SELECT id, resource_server_id, type, scopes FROM resources
  WHERE id IN (SELECT value FROM json_each(?5)) AND ${OWN}`;
// The owner exists: a connection refers to one, and so does a resource.
const INSERT = `
  INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
  SELECT ?5, ?1, ?2, ?6, ?7, ?8, ?9 WHERE ${CONNECTION_STANDS}`;

function fromRow(row: ResourceRow): Resource {
  return {
    id: row.id,
    ownerId: row.owner_id,
    resourceServerId: row.resource_server_id,
    description: JSON.parse(row.description) as ResourceDescriptionBody,
  };
}

export class D1ResourceStore implements ResourceStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Resource | null>> {
    const read = await this.#query<ResourceRow>(caller, FIND, [id]);
    if (read === null) return { standing: false };
    const row = read.rows[0];
    return { standing: true, value: row === undefined ? null : fromRow(row) };
  }

  async list(caller: ConnectedCaller): Promise<UnderConnection<readonly string[]>> {
    const read = await this.#query<Pick<ResourceRow, "id">>(caller, LIST, []);
    if (read === null) return { standing: false };
    return { standing: true, value: read.rows.map((row) => row.id) };
  }

  async insert(
    caller: ConnectedCaller,
    id: string,
    description: ResourceDescriptionBody,
    now: number,
  ): Promise<UnderConnection<void>> {
    const written = await this.#query(caller, INSERT, [id, ...descriptionColumns(description), now]);
    return written === null ? { standing: false } : { standing: true, value: undefined };
  }

  async loadForPermission(
    caller: ConnectedCaller,
    ids: readonly string[],
  ): Promise<UnderConnection<RequestableResources>> {
    const read = await this.#query<ResourceRow>(caller, LOAD, [JSON.stringify(ids)]);
    if (read === null) return { standing: false };
    return { standing: true, value: { ledger: read.ledger, resources: read.rows.map(factsFromRow) } };
  }

  #query<Row>(caller: ConnectedCaller, statement: string, parameters: readonly (string | number | null)[]) {
    return queryUnderConnection<Row>(this.#db, caller, PROTECTION_SCOPE, statement, parameters);
  }
}
