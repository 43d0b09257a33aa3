import type { Owner, OwnerStore } from "../../operations/ports/owner.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface OwnerRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly ledger: string;
  readonly created_at: number;
  readonly version: number;
}

const FIND = "SELECT * FROM owners WHERE id = ?1";
const LIST = "SELECT * FROM owners WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
const INSERT = "INSERT INTO owners (id, kind, name, ledger, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
const RENAME = "UPDATE owners SET name = ?2, version = version + 1 WHERE id = ?1 AND version = ?3";
// The record of an owner starts before their first change, which takes epoch 1.
const INSERT_EPOCH = "INSERT INTO owner_epochs (owner_id, epoch, operation_id) VALUES (?1, 0, 'open')";

function fromRow(row: OwnerRow): Owner {
  return {
    id: row.id,
    kind: row.kind as Owner["kind"],
    name: row.name,
    ledger: row.ledger,
    createdAt: row.created_at,
  };
}

/** Makes an owner, whose record is empty. */
export function insertOwnerStatements(db: D1Database, owner: Owner): readonly D1PreparedStatement[] {
  return [
    db.prepare(INSERT).bind(owner.id, owner.kind, owner.name, owner.ledger, owner.createdAt),
    db.prepare(INSERT_EPOCH).bind(owner.id),
  ];
}

export class D1OwnerStore implements OwnerStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(id: string): Promise<Versioned<Owner> | null> {
    const row = await this.#db.prepare(FIND).bind(id).first<OwnerRow>();
    return row === null ? null : { value: fromRow(row), version: row.version };
  }

  async list(cursor: string | null, limit: number): Promise<Page<Owner>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(after.createdAt, after.id, limit + 1)
      .all<OwnerRow>();
    return toPage(results.map(fromRow), limit, ageCursor);
  }

  async insert(owner: Owner): Promise<void> {
    await this.#db.batch([...insertOwnerStatements(this.#db, owner)]);
  }

  async rename(id: string, name: string, version: number): Promise<boolean> {
    const { meta } = await this.#db.prepare(RENAME).bind(id, name, version).run();
    return meta.changes > 0;
  }
}
