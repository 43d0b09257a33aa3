import type { AskedThing, VisitStore } from "../../operations/ports/visit.ts";
import type { RequestedPermission } from "../../protocol/permission.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";

interface AskedRow {
  readonly id: string;
  readonly name: string | null;
  readonly type: string | null;
  readonly description: string;
}

const LIST_ASKED = `
  SELECT resources.id, description ->> '$.name' AS name, resources.type AS type, description
  FROM json_each(?1) AS asked CROSS JOIN resources ON resources.id = asked.value
  WHERE owner_id = ?2 AND resource_server_id = ?3`;

export class D1VisitStore implements VisitStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async listAsked(
    ownerId: string,
    resourceServerId: string,
    permissions: readonly RequestedPermission[],
  ): Promise<readonly AskedThing[]> {
    const ids = JSON.stringify(permissions.map(({ resourceId }) => resourceId));
    const { results } = await this.#db.prepare(LIST_ASKED).bind(ids, ownerId, resourceServerId).all<AskedRow>();
    const rows = new Map(results.map((row) => [row.id, row]));
    return permissions.flatMap(({ resourceId, scopes }) => {
      const row = rows.get(resourceId);
      if (row === undefined) return [];
      const scopeNames = readScopeNames(JSON.parse(row.description));
      return [{ resourceId, name: row.name, type: row.type, scopes, scopeNames }];
    });
  }
}
