import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { Page } from "../../operations/ports/page.ts";
import type {
  NewResource,
  RegisteredResource,
  RequestableResources,
  ResourceFilter,
  ResourceStore,
} from "../../operations/ports/resource.ts";
import type { RptFormat } from "../../protocol/client.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { Resource } from "../../protocol/resource.ts";
import { PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../../shared/quotas.ts";
import { COLLECTIONS, isAsked, targetingPolicies } from "./asked-resources.ts";
import { idCursor, parseIdCursor, toPage } from "./page.ts";
import { hasRoomForResource } from "./quota.ts";
import { RequestableCopies } from "./requestable-copies.ts";
import { descriptionColumns, factsFromRow, type ProtectedResourceRow } from "./rows.ts";
import { connectionStands, queryUnderConnection } from "./under-connection.ts";

interface ResourceRow {
  readonly id: string;
  readonly resource_server_id: string;
  readonly owner_id: string;
  readonly description: string;
  readonly created_at: number;
  readonly external_id: string | null;
  readonly operation_id: string | null;
  readonly version: number;
}

/** A resource that can be asked for; `steps` and `rpt_format` are the same in every row. */
interface RequestableRow extends ProtectedResourceRow {
  readonly steps: number;
  readonly rpt_format: RptFormat | null;
}

/** What is said of a request that names no resource of its own; nothing comes of it. */
const NO_RESOURCE = { steps: 0, rpt_format: "jwt" } as const;
/** What a resource server may touch: resources of this owner that it registered itself. */
const OWN = "owner_id = ?1 AND resource_server_id = ?2";
const FIND = `SELECT * FROM resources WHERE ${OWN} AND id = ?3`;
const ASKED = { ownerId: "?1", ids: "?3" };
/** A policy with several targets is weighed once. */
const STEPS = `SELECT total(weight) FROM (${targetingPolicies("policy_id, weight", ASKED)})`;
const LOAD = `
  SELECT id, resource_server_id, type, scopes, ${COLLECTIONS}, (${STEPS}) AS steps,
    (SELECT rpt_format FROM clients WHERE clients.id = ?2) AS rpt_format
  FROM resources WHERE ${isAsked(ASKED)} AND resource_server_id = ?2`;
// The owner exists: a connection refers to one, and so does a resource.
const INSERT = `
  INSERT INTO resources
    (id, owner_id, resource_server_id, type, scopes, description, created_at, external_id, operation_id)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
  WHERE ${connectionStands({ ownerId: "?2", clientId: "?3", generation: "?10", scope: "?11", tokenId: "?12" })}
    AND ${hasRoomForResource({ ownerId: "?2", resourceServerId: "?3", description: "?6", maxResources: "?13", maxBytes: "?14" })}
  ON CONFLICT DO NOTHING`;
/** What a registration made, or what it found: a repeat of it before another of the same external id. */
const FIND_REGISTERED = `
  SELECT * FROM resources WHERE ${OWN} AND id = ?3
  UNION ALL
  SELECT * FROM resources WHERE ${OWN} AND operation_id = ?4
  UNION ALL
  SELECT * FROM resources WHERE ${OWN} AND external_id = ?5`;

function fromRow(row: ResourceRow): Resource {
  return {
    id: row.id,
    ownerId: row.owner_id,
    resourceServerId: row.resource_server_id,
    description: JSON.parse(row.description) as ResourceDescriptionBody,
    externalId: row.external_id,
    version: row.version,
  };
}

const FIND_IDS = `SELECT id FROM resources WHERE ${isAsked(ASKED)} AND resource_server_id = ?2`;

/** The resources that a list is narrowed to, as a source with its parameters. Those of a collection are led by its members. */
function narrowed({ ownerId, clientId }: ConnectedCaller, { name, uri, collection }: ResourceFilter) {
  const parameters: (string | number)[] = [];
  const next = (value: string | number) => `?${parameters.push(value)}`;
  const conditions = [`owner_id = ${next(ownerId)}`, `resource_server_id = ${next(clientId)}`];
  if (name !== null) conditions.push(`name = ${next(name)}`);
  if (uri !== null) conditions.push(`uri = ${next(uri)}`);
  const isWithin = collection !== null;
  if (isWithin) conditions.push(`collection_id = ${next(collection)}`);
  const source = isWithin ? "collection_members CROSS JOIN resources ON id = member_id" : "resources";
  const selected = `FROM ${source} WHERE ${conditions.join(" AND ")}`;
  return { id: isWithin ? "member_id" : "id", selected, parameters, next };
}

export class D1ResourceStore implements ResourceStore {
  readonly #db: D1Database;
  readonly #quotas: Quotas;
  readonly #copies = new RequestableCopies();

  constructor(db: D1Database, quotas: Quotas = DEFAULT_QUOTAS) {
    this.#db = db;
    this.#quotas = quotas;
  }

  async find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Resource | null>> {
    const read = await this.#query<ResourceRow>(caller, this.#own(FIND, caller, id));
    if (read === null) return { standing: false };
    const row = read.rows[0];
    return { standing: true, value: row === undefined ? null : fromRow(row) };
  }

  /** Texts of many ids, because a row for each costs twice as much; and several, because a text has 2 MB at most. */
  async list(caller: ConnectedCaller, filter: ResourceFilter): Promise<UnderConnection<readonly string[]>> {
    const { selected, parameters } = narrowed(caller, filter);
    const query = `SELECT json_group_array(id) AS ids ${selected} GROUP BY substr(id, 1, 1)`;
    const read = await this.#query<{ readonly ids: string }>(caller, this.#db.prepare(query).bind(...parameters));
    if (read === null) return { standing: false };
    return { standing: true, value: read.rows.flatMap(({ ids }) => JSON.parse(ids) as string[]) };
  }

  async listPage(
    caller: ConnectedCaller,
    filter: ResourceFilter,
    { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
  ): Promise<UnderConnection<Page<string>>> {
    const { id, selected, parameters, next } = narrowed(caller, filter);
    const [after, most] = [next(parseIdCursor(cursor)), next(limit + 1)];
    const query = `SELECT id ${selected} AND ${id} > ${after} ORDER BY ${id} LIMIT ${most}`;
    const read = await this.#query<Pick<ResourceRow, "id">>(caller, this.#db.prepare(query).bind(...parameters));
    if (read === null) return { standing: false };
    const page = toPage(read.rows, limit, idCursor);
    return { standing: true, value: { items: page.items.map(({ id }) => id), next: page.next } };
  }

  async insert(
    caller: ConnectedCaller,
    { id, description, externalId, operationId }: NewResource,
    now: number,
  ): Promise<UnderConnection<RegisteredResource | null>> {
    const { ownerId, clientId, generation, tokenId } = caller;
    const columns = [id, ownerId, clientId, ...descriptionColumns(description), now, externalId, operationId];
    const { resourcesPerConnection, resourceBytesPerConnection } = this.#quotas;
    const conditions = [generation, PROTECTION_SCOPE, tokenId, resourcesPerConnection, resourceBytesPerConnection];
    const read = await this.#query<ResourceRow>(
      caller,
      this.#db.prepare(INSERT).bind(...columns, ...conditions),
      this.#own(FIND_REGISTERED, caller, id, operationId, externalId),
    );
    if (read === null) return { standing: false };
    const [row] = read.rows;
    if (row === undefined) return { standing: true, value: null };
    const isMade = row.id === id || (operationId !== null && row.operation_id === operationId);
    return { standing: true, value: { resource: fromRow(row), isMade } };
  }

  async findIds(caller: ConnectedCaller, ids: readonly string[]): Promise<UnderConnection<readonly string[]>> {
    const read = await this.#query<Pick<ResourceRow, "id">>(caller, this.#own(FIND_IDS, caller, JSON.stringify(ids)));
    return read === null ? { standing: false } : { standing: true, value: read.rows.map(({ id }) => id) };
  }

  async loadForPermission(
    caller: ConnectedCaller,
    ids: readonly string[],
    isYes: (known: RequestableResources) => boolean,
  ): Promise<UnderConnection<RequestableResources>> {
    const value = await this.#copies.find(caller, ids, () => this.#loadRequestable(caller, ids), isYes);
    return value === null ? { standing: false } : { standing: true, value };
  }

  /** For a change of this owner's record that passed through here. */
  forgetCopies(ownerId: string): void {
    this.#copies.forget(ownerId);
  }

  async #loadRequestable(caller: ConnectedCaller, ids: readonly string[]): Promise<RequestableResources | null> {
    const read = await this.#query<RequestableRow>(caller, this.#own(LOAD, caller, JSON.stringify(ids)));
    if (read === null) return null;
    const { ledger, rows } = read;
    const { steps, rpt_format: rptFormat } = rows[0] ?? NO_RESOURCE;
    // A client that is removed goes first, then its connections (docs/design.md, order of steps).
    return rptFormat === null ? null : { ledger, rptFormat, resources: rows.map(factsFromRow), steps };
  }

  /** A statement about resources that are the caller's own; its further parameters start at ?3. */
  #own(statement: string, { ownerId, clientId }: ConnectedCaller, ...parameters: readonly (string | null)[]) {
    return this.#db.prepare(statement).bind(ownerId, clientId, ...parameters);
  }

  #query<Row>(caller: ConnectedCaller, ...work: readonly [...D1PreparedStatement[], D1PreparedStatement]) {
    return queryUnderConnection<Row>(this.#db, caller, PROTECTION_SCOPE, ...work);
  }
}
