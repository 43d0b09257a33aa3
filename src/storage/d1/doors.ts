import type { AskedName, DoorStore, NamedResource, OwnResource } from "../../operations/ports/door.ts";
import type { RptFormat } from "../../protocol/client.ts";
import { PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";

interface NamedRow {
  readonly place: number;
  readonly id: string;
  readonly scopes: string;
  readonly owner_id: string;
  readonly ledger: string;
  readonly resource_server_id: string;
  readonly generation: number;
  readonly rpt_format: string;
}

/** Whose a name is: the asking person's own, or the one owner's who has something of it. */
const OWNER = `coalesce(
  (SELECT owner_id FROM resource_identifiers WHERE identifier = asked.value ->> 0 AND owner_id = ?2),
  (SELECT iif(count(*) = 1, min(owner_id), NULL)
    FROM (SELECT owner_id FROM resource_identifiers WHERE identifier = asked.value ->> 0 LIMIT 2)))`;
/** What the keeper of the resource that bears the name calls by another name of its own. */
const KEPT_THERE = `(
  SELECT id FROM resources
  WHERE owner_id = resource_identifiers.owner_id AND external_id = asked.value ->> 1
    AND resource_server_id = (SELECT resource_server_id FROM resources WHERE id = resource_identifiers.resource_id))`;
const FIND = `
  SELECT asked.key AS place, resources.id, resources.scopes, resources.owner_id, owners.ledger,
    resources.resource_server_id, connections.generation, clients.rpt_format
  FROM json_each(?1) AS asked
  CROSS JOIN resource_identifiers ON identifier = asked.value ->> 0 AND resource_identifiers.owner_id = ${OWNER}
  CROSS JOIN resources
    ON resources.id = iif(asked.value ->> 1 IS NULL, resource_identifiers.resource_id, ${KEPT_THERE})
  CROSS JOIN owners ON owners.id = resources.owner_id
  CROSS JOIN connections ON connections.owner_id = resources.owner_id
    AND connections.client_id = resources.resource_server_id AND active = 1
    AND EXISTS (SELECT 1 FROM json_each(connections.scopes) WHERE value = '${PROTECTION_SCOPE}')
  CROSS JOIN clients ON clients.id = resources.resource_server_id`;
const LIST_TAKEN = `
  SELECT identifier FROM resource_identifiers
  WHERE owner_id = ?1 AND identifier IN (SELECT value FROM json_each(?2)) AND NOT EXISTS (
    SELECT 1 FROM resources
    WHERE id = resource_id AND (id = ?3 OR external_id = ?4 OR operation_id = ?5))`;

export class D1DoorStore implements DoorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(asked: readonly AskedName[], ownOwnerId: string | null): Promise<readonly NamedResource[]> {
    const names = JSON.stringify(asked.map(({ location, identifier }) => [location, identifier]));
    const { results } = await this.#db.prepare(FIND).bind(names, ownOwnerId).all<NamedRow>();
    const rows = new Map(results.map((row) => [row.place, row]));
    return asked.flatMap((name, place) => {
      const row = rows.get(place);
      return row === undefined ? [] : [{ ...name, ...fromRow(row) }];
    });
  }

  async listTaken(
    ownerId: string,
    identifiers: readonly string[],
    { id, externalId, operationId }: OwnResource,
  ): Promise<readonly string[]> {
    const statement = this.#db
      .prepare(LIST_TAKEN)
      .bind(ownerId, JSON.stringify(identifiers), id, externalId, operationId);
    const { results } = await statement.all<{ readonly identifier: string }>();
    return results.map(({ identifier }) => identifier);
  }
}

function fromRow(row: NamedRow): Omit<NamedResource, keyof AskedName> {
  return {
    resourceId: row.id,
    scopes: JSON.parse(row.scopes) as string[],
    ownerId: row.owner_id,
    ledger: row.ledger,
    resourceServerId: row.resource_server_id,
    connectionGeneration: row.generation,
    rptFormat: row.rpt_format as RptFormat,
  };
}
