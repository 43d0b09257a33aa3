import type { Page } from "../../operations/ports/page.ts";
import type { InitialAccessToken, InitialAccessTokenStore } from "../../operations/ports/registration.ts";
import type { RegistrationAllowance } from "../../protocol/registration-allowance.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface InitialAccessTokenRow {
  readonly id: string;
  readonly name: string;
  readonly allowance: string;
  readonly uses_left: number;
  readonly expires_at: number;
  readonly created_at: number;
}

const INSERT = `
  INSERT INTO initial_access_tokens (id, token_hash, name, allowance, uses_left, expires_at, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`;
const FIND = "SELECT * FROM initial_access_tokens WHERE token_hash = ?1 AND uses_left > 0 AND expires_at > ?2";
const LIST = `
  SELECT * FROM initial_access_tokens WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3`;
const REMOVE = "DELETE FROM initial_access_tokens WHERE id = ?1";
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_EXPIRED = `
  DELETE FROM initial_access_tokens
  WHERE id IN (SELECT id FROM initial_access_tokens WHERE expires_at <= ?1 LIMIT 5000)`;

function fromRow(row: InitialAccessTokenRow): InitialAccessToken {
  return {
    id: row.id,
    name: row.name,
    allowance: JSON.parse(row.allowance) as RegistrationAllowance,
    usesLeft: row.uses_left,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}

export class D1InitialAccessTokenStore implements InitialAccessTokenStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async insert(token: InitialAccessToken, hash: string): Promise<void> {
    const { id, name, allowance, usesLeft, expiresAt, createdAt } = token;
    const statement = this.#db.prepare(INSERT);
    await statement.bind(id, hash, name, JSON.stringify(allowance), usesLeft, expiresAt, createdAt).run();
  }

  async find(hash: string, now: number): Promise<InitialAccessToken | null> {
    const row = await this.#db.prepare(FIND).bind(hash, now).first<InitialAccessTokenRow>();
    return row === null ? null : fromRow(row);
  }

  async list(cursor: string | null, limit: number): Promise<Page<InitialAccessToken>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(after.createdAt, after.id, limit + 1)
      .all<InitialAccessTokenRow>();
    return toPage(results.map(fromRow), limit, ageCursor);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#db.prepare(REMOVE).bind(id).run()).meta.changes > 0;
  }

  async removeExpired(now: number): Promise<void> {
    for (let more = true; more; ) more = (await this.#db.prepare(REMOVE_EXPIRED).bind(now).run()).meta.changes > 0;
  }
}
