import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { NamedGroup, StoredThing, ThingStore } from "../../operations/ports/thing.ts";
import type { Actor } from "../../protocol/actor.ts";
import { targetingPolicies } from "./asked-resources.ts";
import { FIND_OWNED, type WordedRow, wordedFromRow } from "./owned-resources.ts";
import { type DocumentRow, policyFromRow } from "./rows.ts";
import { actingStatement } from "./under-connection.ts";

interface ReachingRow extends DocumentRow {
  readonly created_at: number | null;
}

const TARGETING_POLICIES = targetingPolicies("policy_id", { ownerId: "?1", ids: "?2" });
const LIST_POLICIES = `
  SELECT id, version, document, created_at FROM policies WHERE id IN (${TARGETING_POLICIES}) ORDER BY id`;
const LIST_GROUPS = `
  SELECT id, document ->> '$.name' AS name, json_array_length(document, '$.members') AS members FROM owner_groups
  WHERE id IN (SELECT group_id FROM policy_groups WHERE policy_id IN (${TARGETING_POLICIES})) AND +owner_id = ?1`;

export class D1ThingStore implements ThingStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(actor: Actor, id: string): Promise<UnderConnection<StoredThing | null>> {
    const { ownerId } = actor;
    const asked = [ownerId, JSON.stringify([id])];
    const [acting, found, policies, groups] = await this.#db.batch([
      actingStatement(this.#db, actor),
      this.#db.prepare(FIND_OWNED).bind(id, ownerId),
      this.#db.prepare(LIST_POLICIES).bind(...asked),
      this.#db.prepare(LIST_GROUPS).bind(...asked),
    ]);
    if (acting?.results.length === 0) return { standing: false };
    const [row] = (found?.results ?? []) as WordedRow[];
    if (row === undefined) return { standing: true, value: null };
    const reaching = (policies?.results ?? []) as ReachingRow[];
    return {
      standing: true,
      value: {
        resource: wordedFromRow(row),
        policies: reaching.map((policy) => ({ policy: policyFromRow(policy), createdAt: policy.created_at })),
        groups: (groups?.results ?? []) as NamedGroup[],
      },
    };
  }
}
