import { isExpired, type KeyDescription, type KeyUse } from "./key.ts";

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

type KeyRow = {
  kid: string;
  use: KeyUse;
  alg: string;
  material: string;
  wrapped: number;
  use_from: number;
  retire_at: number | null;
  expires_at: number | null;
};

/** A key as it is kept: its material may be wrapped. */
export interface KeptKey extends KeyDescription {
  readonly material: string;
  readonly wrapped: boolean;
}

const INSERT = "INSERT INTO keys (kid, use, alg, material, wrapped, use_from) VALUES (?, ?, ?, ?, ?, ?)";
const RETIRE = "UPDATE keys SET retire_at = ?, expires_at = ? WHERE use = ? AND retire_at IS NULL AND kid <> ?";

/** The key ring's rows. Every method is synchronous, so each is one step to everybody else. */
export class KeyTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec(SCHEMA);
  }

  list(now: number): readonly KeptKey[] {
    const rows = this.#sql.exec<KeyRow>("SELECT * FROM keys ORDER BY use_from, kid").toArray();
    return rows.map(fromRow).filter((key) => !isExpired(key, now));
  }

  insert(key: KeptKey): void {
    this.#sql.exec(INSERT, key.kid, key.use, key.alg, key.material, key.wrapped ? 1 : 0, key.useFrom);
  }

  /** The others of its use retire when it comes into use; they still open what they made until `expiresAt`. */
  retireOthers(successor: KeptKey, expiresAt: number): void {
    this.#sql.exec(RETIRE, successor.useFrom, expiresAt, successor.use, successor.kid);
  }

  /** Replaces bare material; a key that was wrapped in the meantime stays as it is. */
  replaceBare(kid: string, wrapped: string): void {
    this.#sql.exec("UPDATE keys SET material = ?, wrapped = 1 WHERE kid = ? AND wrapped = 0", wrapped, kid);
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
  };
}
