import type { Policy } from "../policy/language/policy.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

interface UsesRow {
  readonly used: number;
}

const CREATE = `
  CREATE TABLE IF NOT EXISTS uses (
    policy_id TEXT PRIMARY KEY,
    used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`;
const COUNT = `
  INSERT INTO uses (policy_id, used) VALUES (?, 1)
  ON CONFLICT (policy_id) DO UPDATE SET used = used + 1`;

/** How often policies with a limited number of uses have been used. */
export class Uses {
  readonly #sql: LedgerSql;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table, when the ledger is opened; safe to repeat. */
  create(): void {
    this.#sql.exec(CREATE);
  }

  /** How many RPTs may still be made under a policy; zero or less: none. */
  left(policy: Policy): number {
    const limit = policy.document.terms?.uses ?? 0;
    const row = findRow<UsesRow>(this.#sql, "SELECT used FROM uses WHERE policy_id = ?", policy.id);
    return limit - (row?.used ?? 0);
  }

  count(policyId: string): void {
    this.#sql.exec(COUNT, policyId);
  }

  forget(policyId: string): void {
    this.#sql.exec("DELETE FROM uses WHERE policy_id = ?", policyId);
  }
}
