import type { UnderConnection } from "../../operations/ports/connection.ts";
import type {
  OwnedResource,
  OwnedResourceQuery,
  OwnedResourceStore,
  WordedResource,
} from "../../operations/ports/owned-resource.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { Actor } from "../../protocol/actor.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";
import { pairCursor, parsePairCursor } from "./page.ts";
import { queryAs } from "./under-connection.ts";

interface OwnedResourceRow {
  readonly id: string;
  readonly resource_server_id: string;
  readonly resource_server_name: string | null;
  readonly type: string | null;
  readonly scopes: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly icon_uri: string | null;
}

export interface WordedRow extends OwnedResourceRow {
  /** The whole description, as JSON. */
  readonly described: string;
}

/** A resource that a list looked at: in which place, and whether it is one of those that are wanted. */
interface SeenRow extends OwnedResourceRow {
  readonly place: number;
  readonly is_wanted: number;
}

/** Resources that a search looks at in one call: no index knows what a name contains. */
const SEARCHED_AT_ONCE = 1_000;

/** Of a description what people read; whatever else is in it is between the resource server and its clients. */
const COLUMNS = `id, resource_server_id, type, scopes, description ->> '$.name' AS name,
  description ->> '$.description' AS description, description ->> '$.icon_uri' AS icon_uri`;
const SERVER_NAME = "(SELECT name FROM clients WHERE clients.id = resource_server_id) AS resource_server_name";
/** One of an owner's, by its id. */
export const FIND_OWNED = `SELECT ${COLUMNS}, resources.description AS described, ${SERVER_NAME} FROM resources WHERE id = ?1 AND owner_id = ?2`;
const WINDOW = `
  SELECT * FROM resources WHERE owner_id = ?1 AND (resource_server_id, id) > (?2, ?3)
  ORDER BY resource_server_id, id LIMIT ?4`;
// The last that was looked at comes along, wanted or not: from there the next page goes on.
const LIST = `
  SELECT *, ${SERVER_NAME} FROM (
    SELECT ${COLUMNS}, row_number() OVER (ORDER BY resource_server_id, id) AS place,
      ?5 IS NULL OR coalesce(instr(lower(description ->> '$.name'), lower(?5)), 0) > 0 AS is_wanted
    FROM (${WINDOW}))
  WHERE is_wanted OR place = ?4 ORDER BY place LIMIT ?6`;

function fromRow(row: OwnedResourceRow): OwnedResource {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    iconUri: row.icon_uri,
    type: row.type,
    scopes: JSON.parse(row.scopes),
    resourceServer: { id: row.resource_server_id, name: row.resource_server_name },
  };
}

export function wordedFromRow(row: WordedRow): WordedResource {
  return { ...fromRow(row), scopeNames: readScopeNames(JSON.parse(row.described)) };
}

const cursorOf = (row: OwnedResourceRow) => pairCursor(row.resource_server_id, row.id);

export class D1OwnedResourceStore implements OwnedResourceStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(caller: Actor, id: string): Promise<UnderConnection<WordedResource | null>> {
    const read = await this.#query<WordedRow>(caller, this.#db.prepare(FIND_OWNED).bind(id, caller.ownerId));
    if (read === null) return { standing: false };
    const row = read.rows[0];
    return { standing: true, value: row === undefined ? null : wordedFromRow(row) };
  }

  async list(
    caller: Actor,
    { cursor, limit, text }: OwnedResourceQuery,
  ): Promise<UnderConnection<Page<OwnedResource>>> {
    const [resourceServerId, id] = parsePairCursor(cursor);
    const most = limit + 1;
    const window = text === null ? most : SEARCHED_AT_ONCE;
    const statement = this.#db.prepare(LIST).bind(caller.ownerId, resourceServerId, id, window, text, most);
    const read = await this.#query<SeenRow>(caller, statement);
    return read === null ? { standing: false } : { standing: true, value: toPage(read.rows, limit, window) };
  }

  #query<Row>(caller: Actor, statement: D1PreparedStatement) {
    return queryAs<Row>(this.#db, caller, statement);
  }
}

/** The next page begins after the last entry of this one, or, where that is not full, after the last that was seen. */
function toPage(seen: readonly SeenRow[], limit: number, window: number): Page<OwnedResource> {
  const wanted = seen.filter((row) => row.is_wanted === 1);
  const shown = wanted.slice(0, limit);
  const last = wanted.length > limit ? shown.at(-1) : seen.find(({ place }) => place === window);
  return { items: shown.map(fromRow), next: last === undefined ? null : cursorOf(last) };
}
