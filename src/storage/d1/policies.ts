import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { PolicyStore } from "../../operations/ports/policy.ts";
import type { Group, Policy } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import { idCursor, parseIdCursor, toPage } from "./page.ts";
import { type DocumentRow, groupFromRow, policyFromRow } from "./rows.ts";
import { queryAs } from "./under-connection.ts";

type Table = "policies" | "owner_groups";

const find = (table: Table) => `SELECT id, version, document FROM ${table} WHERE id = ?1 AND owner_id = ?2`;
const FIND_GROUPS = `
  SELECT id, version, document FROM owner_groups WHERE id IN (SELECT value FROM json_each(?2)) AND +owner_id = ?1`;
const list = (table: Table) =>
  `SELECT id, version, document FROM ${table} WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`;

export class D1PolicyStore implements PolicyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  find(caller: Actor, id: string): Promise<UnderConnection<Policy | null>> {
    return this.#find(caller, "policies", id, policyFromRow);
  }

  list(caller: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<Policy>>> {
    return this.#list(caller, "policies", cursor, limit, policyFromRow);
  }

  findGroup(caller: Actor, id: string): Promise<UnderConnection<Group | null>> {
    return this.#find(caller, "owner_groups", id, groupFromRow);
  }

  async findGroups(caller: Actor, ids: readonly string[]): Promise<UnderConnection<readonly Group[]>> {
    const statement = this.#db.prepare(FIND_GROUPS).bind(caller.ownerId, JSON.stringify(ids));
    const read = await this.#query(caller, statement);
    return read === null ? { standing: false } : { standing: true, value: read.rows.map(groupFromRow) };
  }

  listGroups(caller: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<Group>>> {
    return this.#list(caller, "owner_groups", cursor, limit, groupFromRow);
  }

  async #find<T>(
    caller: Actor,
    table: Table,
    id: string,
    fromRow: (row: DocumentRow) => T,
  ): Promise<UnderConnection<T | null>> {
    const read = await this.#query(caller, this.#db.prepare(find(table)).bind(id, caller.ownerId));
    if (read === null) return { standing: false };
    const row = read.rows[0];
    return { standing: true, value: row === undefined ? null : fromRow(row) };
  }

  async #list<T extends { readonly id: string }>(
    caller: Actor,
    table: Table,
    cursor: string | null,
    limit: number,
    fromRow: (row: DocumentRow) => T,
  ): Promise<UnderConnection<Page<T>>> {
    const after = parseIdCursor(cursor);
    const read = await this.#query(caller, this.#db.prepare(list(table)).bind(caller.ownerId, after, limit + 1));
    if (read === null) return { standing: false };
    return { standing: true, value: toPage(read.rows.map(fromRow), limit, idCursor) };
  }

  #query(caller: Actor, statement: D1PreparedStatement) {
    return queryAs<DocumentRow>(this.#db, caller, statement);
  }
}
