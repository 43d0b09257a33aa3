import type { ConnectionUsage, OwnerUsage, UsageStore } from "../../operations/ports/usage.ts";

const OF_POLICIES = "SELECT policies, groups, bytes FROM policy_usage WHERE owner_id = ?1";
const OF_RESOURCES = `
  SELECT resource_server_id AS clientId, resources, bytes FROM resource_usage
  WHERE owner_id = ?1 ORDER BY resource_server_id`;

interface PolicyUsageRow {
  readonly policies: number;
  readonly groups: number;
  readonly bytes: number;
}

/** Reads the counters that the triggers of migrations/0002_bounds.sql write. */
export class D1UsageStore implements UsageStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async ofOwner(ownerId: string): Promise<OwnerUsage> {
    const [policies, resources] = await this.#db.batch([
      this.#db.prepare(OF_POLICIES).bind(ownerId),
      this.#db.prepare(OF_RESOURCES).bind(ownerId),
    ]);
    const row = policies?.results[0] as PolicyUsageRow | undefined;
    return {
      policies: row?.policies ?? 0,
      groups: row?.groups ?? 0,
      policyBytes: row?.bytes ?? 0,
      connections: (resources?.results ?? []) as ConnectionUsage[],
    };
  }
}
