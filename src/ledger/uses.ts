import type { Policy } from "../policy/language/policy.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

/** How often policies with a limited number of uses have been used. */
export class Uses {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** How many RPTs may still be made under a policy; zero or less: none. */
  left(policy: Policy): number {
    const limit = policy.document.terms?.uses ?? 0;
    return (
      limit - (findRow<{ used: number }>(this.#sql, "SELECT used FROM uses WHERE policy_id = ?", policy.id)?.used ?? 0)
    );
  }

  count(policyId: string): void {
    const query =
      "INSERT INTO uses (policy_id, used) VALUES (?, 1) ON CONFLICT (policy_id) DO UPDATE SET used = used + 1";
    this.#sql.exec(query, policyId);
  }

  forget(policyId: string): void {
    this.#sql.exec("DELETE FROM uses WHERE policy_id = ?", policyId);
  }
}
