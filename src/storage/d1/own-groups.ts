import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { GroupInUse, GroupSummary, OwnGroupStore, TargetedThing } from "../../operations/ports/own-group.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { Actor } from "../../protocol/actor.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";
import { idCursor, parseIdCursor, toPage } from "./page.ts";
import { type DocumentRow, groupFromRow, policyFromRow } from "./rows.ts";
import { actingStatement } from "./under-connection.ts";

/** Policies that are told of one group, and things that are named of them. */
const USES_SHOWN = 50;
const THINGS_NAMED = 200;

const LIST = `
  SELECT id, document ->> '$.name' AS name, json_array_length(document, '$.members') AS members,
    (SELECT count(*) FROM policy_groups WHERE group_id = owner_groups.id) AS uses
  FROM owner_groups WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`;
const FIND = "SELECT id, version, document FROM owner_groups WHERE id = ?1 AND owner_id = ?2";
const USES = `SELECT policy_id FROM policy_groups WHERE group_id = ?1 ORDER BY policy_id LIMIT ${USES_SHOWN}`;
const LIST_USES = `
  SELECT id, version, document FROM policies WHERE id IN (${USES}) AND +owner_id = ?2 ORDER BY id`;
const LIST_THINGS = `
  SELECT id, name, description FROM resources WHERE id IN (
    SELECT value FROM policy_targets WHERE policy_id IN (${USES}) AND kind = 'resource' LIMIT ${THINGS_NAMED})
  AND +owner_id = ?2`;

interface ThingRow {
  readonly id: string;
  readonly name: string | null;
  readonly description: string;
}

export class D1OwnGroupStore implements OwnGroupStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(actor: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<GroupSummary>>> {
    const [acting, listed] = await this.#db.batch([
      actingStatement(this.#db, actor),
      this.#db.prepare(LIST).bind(actor.ownerId, parseIdCursor(cursor), limit + 1),
    ]);
    if (acting?.results.length === 0) return { standing: false };
    return { standing: true, value: toPage((listed?.results ?? []) as GroupSummary[], limit, idCursor) };
  }

  async find(actor: Actor, id: string): Promise<UnderConnection<GroupInUse | null>> {
    const [acting, found, policies, things] = await this.#db.batch([
      actingStatement(this.#db, actor),
      ...[FIND, LIST_USES, LIST_THINGS].map((statement) => this.#db.prepare(statement).bind(id, actor.ownerId)),
    ]);
    if (acting?.results.length === 0) return { standing: false };
    const [row] = (found?.results ?? []) as DocumentRow[];
    if (row === undefined) return { standing: true, value: null };
    return {
      standing: true,
      value: {
        group: groupFromRow(row),
        policies: ((policies?.results ?? []) as DocumentRow[]).map(policyFromRow),
        things: ((things?.results ?? []) as ThingRow[]).map(thingFromRow),
      },
    };
  }
}

function thingFromRow({ id, name, description }: ThingRow): TargetedThing {
  return { id, name, scopeNames: readScopeNames(JSON.parse(description)) };
}
