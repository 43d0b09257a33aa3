import type {
  Administered,
  Administrator,
  AdministratorRole,
  AdministratorStore,
} from "../../operations/ports/administrator.ts";
import { MAX_ADMINISTERED_OWNERS, MAX_ADMINISTRATORS } from "../../shared/limits.ts";

interface AdministratorRow {
  readonly owner_id: string;
  readonly account_id: string;
  readonly role: string;
  readonly begins_at: number;
  readonly ends_at: number | null;
}

interface AdministeredRow extends AdministratorRow {
  readonly kind: string;
  readonly name: string;
}

/** INVARIANT: a right counts from its beginning to its end, both told by the clock of whoever asks. */
const IN_TIME = "begins_at <= ?3 AND (ends_at IS NULL OR ends_at > ?3)";
const FIND = `SELECT * FROM administrators WHERE owner_id = ?1 AND account_id = ?2 AND ${IN_TIME}`;
const LIST_BY_ACCOUNT = `
  SELECT administrators.*, owners.kind, owners.name FROM administrators JOIN owners ON owners.id = owner_id
  WHERE account_id = ?1 AND begins_at <= ?2 AND (ends_at IS NULL OR ends_at > ?2)
  ORDER BY owners.kind = 'person' DESC, owners.name LIMIT ${MAX_ADMINISTERED_OWNERS}`;
const LIST_BY_OWNER = `
  SELECT * FROM administrators WHERE owner_id = ?1 AND (ends_at IS NULL OR ends_at > ?2)
  ORDER BY account_id LIMIT ${MAX_ADMINISTRATORS}`;

function fromRow(row: AdministratorRow): Administrator {
  return {
    ownerId: row.owner_id,
    accountId: row.account_id,
    role: row.role as AdministratorRole,
    beginsAt: row.begins_at,
    endsAt: row.ends_at,
  };
}

function administeredFromRow(row: AdministeredRow): Administered {
  return { ...fromRow(row), ownerName: row.kind === "person" ? null : row.name };
}

export class D1AdministratorStore implements AdministratorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(ownerId: string, accountId: string, now: number): Promise<Administrator | null> {
    const row = await this.#db.prepare(FIND).bind(ownerId, accountId, now).first<AdministratorRow>();
    return row === null ? null : fromRow(row);
  }

  async listByAccount(accountId: string, now: number): Promise<readonly Administered[]> {
    const { results } = await this.#db.prepare(LIST_BY_ACCOUNT).bind(accountId, now).all<AdministeredRow>();
    return results.map(administeredFromRow);
  }

  async listByOwner(ownerId: string, now: number): Promise<readonly Administrator[]> {
    const { results } = await this.#db.prepare(LIST_BY_OWNER).bind(ownerId, now).all<AdministratorRow>();
    return results.map(fromRow);
  }
}
