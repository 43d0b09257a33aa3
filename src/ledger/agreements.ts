import { LateTable } from "./late-table.ts";
import { type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

/** That a party agreed to the text of a policy. */
export interface Agreement {
  readonly policyId: string;
  /** Who agreed, as the resource server may know them. */
  readonly partyReference: string;
  /** SHA-256 of what was agreed to (agreement-texts.ts). */
  readonly textHash: string;
  /** The version of the policy that the text was read in. */
  readonly version: number;
  /** Epoch seconds. */
  readonly at: number;
}

interface AgreementRow {
  readonly policy_id: string;
  readonly text_hash: string;
}

const CREATE = `
  CREATE TABLE IF NOT EXISTS agreements (
    policy_id TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (policy_id, party_reference)
  ) STRICT, WITHOUT ROWID`;
const FIND = `
  SELECT policy_id, text_hash FROM json_each(?1) AS named
  CROSS JOIN agreements ON policy_id = named.value AND party_reference = ?2`;
const KEEP = `
  INSERT OR REPLACE INTO agreements (policy_id, party_reference, text_hash, version, at) VALUES (?, ?, ?, ?, ?)`;

/** Who agreed to what: one text of each policy and party, the latest. */
export class Agreements {
  readonly #sql: LedgerSql;
  readonly #table: LateTable;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    this.#table = new LateTable(sql, "agreements", [CREATE]);
  }

  /**
   * The policies whose present text this party agreed to.
   * @param texts the hash of each text, by the id of its policy
   */
  listStanding(partyReference: string, texts: ReadonlyMap<string, string>): readonly string[] {
    if (texts.size === 0 || !this.#table.exists()) return [];
    const rows = listRows<AgreementRow>(this.#sql, FIND, JSON.stringify([...texts.keys()]), partyReference);
    return rows.filter((row) => texts.get(row.policy_id) === row.text_hash).map((row) => row.policy_id);
  }

  keep({ policyId, partyReference, textHash, version, at }: Agreement): void {
    this.#table.make();
    this.#sql.exec(KEEP, policyId, partyReference, textHash, version, at);
  }

  /** When the policy is gone. */
  forget(policyId: string): void {
    if (this.#table.exists()) this.#sql.exec("DELETE FROM agreements WHERE policy_id = ?", policyId);
  }
}
