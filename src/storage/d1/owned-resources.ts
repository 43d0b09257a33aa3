import type { UnderConnection } from "../../operations/ports/connection.ts";
import type {
  CollectionName,
  Narrowing,
  OwnedResource,
  OwnedResourceQuery,
  OwnedResourceStore,
  ResourceSurvey,
  WordedResource,
} from "../../operations/ports/owned-resource.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { Actor } from "../../protocol/actor.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";
import { MAX_MEMBERS_COUNTED } from "../../shared/limits.ts";
import { parseTextCursor, textCursor } from "./page.ts";
import { queryAs, readAs } from "./under-connection.ts";

interface OwnedResourceRow {
  readonly id: string;
  readonly resource_server_id: string;
  readonly resource_server_name: string | null;
  readonly type: string | null;
  readonly scopes: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly icon_uri: string | null;
  readonly collections: string;
  readonly members: number;
}

export interface WordedRow extends OwnedResourceRow {
  /** The whole description, as JSON. */
  readonly described: string;
}

/** A resource that a list looked at: in which place, and whether it is one of those that are wanted. */
interface SeenRow extends OwnedResourceRow {
  readonly sort_name: string;
  readonly place: number;
  readonly is_wanted: number;
}

/** Resources that a search looks at in one call, most of them in an index alone: none knows what a name contains. */
const SEARCHED_AT_ONCE = 20_000;
const SERVERS_SHOWN = 100;
const TYPES_SHOWN = 50;

const IN_COLLECTIONS = `(
  SELECT json_group_array(json_object('id', collection.id, 'name', collection.name))
  FROM collection_members CROSS JOIN resources AS collection ON collection.id = collection_id
  WHERE member_id = resources.id)`;
const MEMBERS = `(
  SELECT count(*) FROM (
    SELECT 1 FROM collection_members WHERE collection_id = resources.id LIMIT ${MAX_MEMBERS_COUNTED + 1}))`;
const SERVER_NAME = "(SELECT clients.name FROM clients WHERE clients.id = resources.resource_server_id)";
/** Of a description what people read; whatever else is in it is between the resource server and its clients. */
const COLUMNS = `resources.id, resources.resource_server_id, resources.type, resources.scopes, resources.name,
  resources.description ->> '$.description' AS description, resources.description ->> '$.icon_uri' AS icon_uri,
  ${SERVER_NAME} AS resource_server_name, ${IN_COLLECTIONS} AS collections, ${MEMBERS} AS members`;
/** One of an owner's, by its id. */
export const FIND_OWNED = `
  SELECT ${COLUMNS}, resources.description AS described FROM resources WHERE id = ?1 AND owner_id = ?2`;

/** Only those that have something, and none of the owner's resources is looked at for it. */
const RESOURCE_SERVERS = `
  SELECT resource_server_id AS id, clients.name FROM resource_usage
  LEFT JOIN clients ON clients.id = resource_server_id
  WHERE owner_id = ?1 AND resources > 0 ORDER BY clients.name, resource_server_id LIMIT ${SERVERS_SHOWN}`;
/** From each type straight to the next, however many resources are of it. */
const TYPES = `
  WITH RECURSIVE types (type) AS (
    SELECT min(type) FROM resources WHERE owner_id = ?1 AND type IS NOT NULL
    UNION ALL
    SELECT (SELECT min(type) FROM resources WHERE owner_id = ?1 AND type > types.type) FROM types
    WHERE types.type IS NOT NULL LIMIT ${TYPES_SHOWN + 1})
  SELECT type FROM types WHERE type IS NOT NULL LIMIT ${TYPES_SHOWN}`;
const COLLECTION = "SELECT id, name FROM resources WHERE id = ?1 AND owner_id = ?2";

/** Where a list goes through, in the order of names: an index of what it is narrowed by, as far as there is one. */
interface Path {
  readonly source: string;
  readonly id: string;
  readonly keys: readonly string[];
  /** What the resources on the way have to be besides. */
  readonly rest: readonly string[];
}

function pathOf({ collectionId, type, resourceServerId }: Narrowing, next: (value: string) => string): Path {
  const narrowed = { type: type ?? null, resource_server_id: resourceServerId ?? null };
  const conditions = Object.entries(narrowed).flatMap(([column, value]) =>
    value === null ? [] : [`${column} = ${next(value)}`],
  );
  if (collectionId != null) {
    const keys = [`collection_id = ${next(collectionId)}`];
    const source = "collection_members INDEXED BY collection_members_by_sort_name";
    return { source, id: "member_id", keys, rest: conditions };
  }
  const [first = [], ...rest] = conditions.map((condition) => [condition]);
  const index = narrowed.type !== null ? "_of_type" : narrowed.resource_server_id !== null ? "_of_server" : "";
  const source = `resources INDEXED BY resources${index}_by_sort_name`;
  return { source, id: "id", keys: ["owner_id = ?1", ...first], rest: rest.flat() };
}

/**
 * The resources on a page, and, wanted or not, the last that was looked at: from there the next page goes on.
 * @param most resources on the page, and one more.
 */
function listStatement(db: D1Database, ownerId: string, query: OwnedResourceQuery, most: number): Listing {
  const parameters: (string | number)[] = [ownerId];
  const next = (value: string | number) => `?${parameters.push(value)}`;
  const { text: after, id: afterId } = parseTextCursor(query.cursor);
  const { source, id, keys, rest } = pathOf(query, next);
  const wanted = [
    ...(query.text === null ? [] : [`instr(seen.sort_name, lower(${next(query.text)})) > 0`]),
    ...(rest.length === 0
      ? []
      : [`EXISTS (SELECT 1 FROM resources WHERE resources.id = seen.id AND ${rest.join(" AND ")})`]),
  ];
  const window = wanted.length === 0 ? most : SEARCHED_AT_ONCE;
  const last = next(window);
  const statement = `
    SELECT ${COLUMNS}, placed.sort_name, place, is_wanted FROM (
      SELECT seen.id, seen.sort_name, row_number() OVER (ORDER BY seen.sort_name, seen.id) AS place,
        ${wanted.join(" AND ") || "1"} AS is_wanted
      FROM (
        SELECT ${id} AS id, sort_name FROM ${source}
        WHERE ${keys.join(" AND ")} AND (sort_name, ${id}) > (${next(after)}, ${next(afterId)})
        ORDER BY sort_name, ${id} LIMIT ${last}) AS seen) AS placed
    CROSS JOIN resources ON resources.id = placed.id
    WHERE (is_wanted OR place = ${last}) AND +resources.owner_id = ?1 ORDER BY place LIMIT ${next(most)}`;
  return { statement: db.prepare(statement).bind(...parameters), window };
}

interface Listing {
  readonly statement: D1PreparedStatement;
  /** How many resources it looks at. */
  readonly window: number;
}

function fromRow(row: OwnedResourceRow): OwnedResource {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    iconUri: row.icon_uri,
    type: row.type,
    scopes: JSON.parse(row.scopes),
    resourceServer: { id: row.resource_server_id, name: row.resource_server_name },
    collections: JSON.parse(row.collections),
    members: row.members,
  };
}

export function wordedFromRow(row: WordedRow): WordedResource {
  return { ...fromRow(row), scopeNames: readScopeNames(JSON.parse(row.described)) };
}

const cursorOf = (row: SeenRow) => textCursor({ text: row.sort_name, id: row.id });

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

  async list(caller: Actor, query: OwnedResourceQuery): Promise<UnderConnection<Page<OwnedResource>>> {
    const { statement, window } = listStatement(this.#db, caller.ownerId, query, query.limit + 1);
    const read = await this.#query<SeenRow>(caller, statement);
    return read === null ? { standing: false } : { standing: true, value: toPage(read.rows, query.limit, window) };
  }

  async survey(caller: Actor, query: OwnedResourceQuery): Promise<UnderConnection<ResourceSurvey>> {
    const { ownerId } = caller;
    const { statement, window } = listStatement(this.#db, ownerId, query, query.limit + 1);
    const read = await readAs(
      this.#db,
      caller,
      statement,
      this.#db.prepare(RESOURCE_SERVERS).bind(ownerId),
      this.#db.prepare(TYPES).bind(ownerId),
      this.#db.prepare(COLLECTION).bind(query.collectionId ?? "", ownerId),
    );
    if (read === null) return { standing: false };
    const [seen = [], servers = [], types = [], collections = []] = read;
    const value = {
      ...toPage(seen as SeenRow[], query.limit, window),
      resourceServers: servers as OwnedResource["resourceServer"][],
      types: (types as { readonly type: string }[]).map(({ type }) => type),
      collection: (collections as CollectionName[])[0] ?? null,
    };
    return { standing: true, value };
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
