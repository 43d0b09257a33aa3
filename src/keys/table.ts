import { isExpired, type KeyDescription, type KeyUse } from "./key.ts";
import type { KeptMaterial } from "./wrapping.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS keys (
  kid TEXT PRIMARY KEY,
  use TEXT NOT NULL,
  alg TEXT NOT NULL,
  material TEXT NOT NULL,
  wrapped INTEGER NOT NULL,
  use_from INTEGER NOT NULL,
  retire_at INTEGER,
  expires_at INTEGER
) STRICT, WITHOUT ROWID`;

/** Rings of 0.1.0 have no such column. */
const HAS_REWRAPPED = "SELECT 1 FROM pragma_table_info('keys') WHERE name = 'rewrapped'";
const ADD_REWRAPPED = "ALTER TABLE keys ADD COLUMN rewrapped TEXT";

type KeyRow = {
  kid: string;
  use: KeyUse;
  alg: string;
  material: string;
  wrapped: number;
  rewrapped: string | null;
  use_from: number;
  retire_at: number | null;
  expires_at: number | null;
};

/** A key as it is kept: its material may be wrapped. */
export interface KeptKey extends KeyDescription, KeptMaterial {}

const INSERT = "INSERT INTO keys (kid, use, alg, material, wrapped, rewrapped, use_from) VALUES (?, ?, ?, ?, ?, ?, ?)";
const KEEP_ANEW = "UPDATE keys SET material = ?, wrapped = ?, rewrapped = ? WHERE kid = ?";
const RETIRE = "UPDATE keys SET retire_at = ?, expires_at = ? WHERE use = ? AND retire_at IS NULL AND kid <> ?";

/** The key ring's rows. Every method is synchronous, so each is one step to everybody else. */
export class KeyTable {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
    if (this.#sql.exec(HAS_REWRAPPED).toArray().length === 0) this.#sql.exec(ADD_REWRAPPED);
  }

  list(now: number): readonly KeptKey[] {
    const rows = this.#sql.exec<KeyRow>("SELECT * FROM keys ORDER BY use_from, kid").toArray();
    return rows.map(fromRow).filter((key) => !isExpired(key, now));
  }

  insert(key: KeptKey): void {
    const { kid, use, alg, material, wrapped, rewrapped, useFrom } = key;
    this.#sql.exec(INSERT, kid, use, alg, material, wrapped ? 1 : 0, rewrapped, useFrom);
  }

  /** The others of its use retire when it comes into use; they still open what they made until `expiresAt`. */
  retireOthers(successor: KeptKey, expiresAt: number): void {
    this.#sql.exec(RETIRE, successor.useFrom, expiresAt, successor.use, successor.kid);
  }

  /** Keeps the material of these keys anew: of all, or after a crash or a failure of none. */
  keepAnew(keys: readonly KeptKey[]): void {
    this.#storage.transactionSync(() => {
      for (const key of keys) this.#sql.exec(KEEP_ANEW, key.material, key.wrapped ? 1 : 0, key.rewrapped, key.kid);
    });
  }

  deleteExpired(now: number): void {
    this.#sql.exec("DELETE FROM keys WHERE expires_at <= ?", now);
  }

  /** When the next key expires, epoch seconds; null when none is to. */
  nextExpiry(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT min(expires_at) AS at FROM keys").one().at;
  }
}

function fromRow(row: KeyRow): KeptKey {
  return {
    kid: row.kid,
    use: row.use,
    alg: row.alg,
    useFrom: row.use_from,
    retireAt: row.retire_at,
    expiresAt: row.expires_at,
    material: row.material,
    wrapped: row.wrapped === 1,
    rewrapped: row.rewrapped,
  };
}
