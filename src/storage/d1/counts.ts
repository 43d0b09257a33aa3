import type { Counts, RecordCounts } from "../../operations/ports/counts.ts";

/** What there may be millions of is counted as it is written (migrations/0002_bounds.sql). */
const COUNT = `
  SELECT (SELECT COUNT(*) FROM owners) AS owners,
    (SELECT COUNT(*) FROM clients) AS clients,
    (SELECT COUNT(*) FROM trusted_issuers) AS issuers,
    (SELECT coalesce(sum(resources), 0) FROM resource_usage) AS resources,
    (SELECT coalesce(sum(policies), 0) FROM policy_usage) AS policies`;

export class D1Counts implements Counts {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async all(): Promise<RecordCounts> {
    const counts = await this.#db.prepare(COUNT).first<RecordCounts>();
    if (counts === null) throw new Error("a count without a row");
    return counts;
  }
}
