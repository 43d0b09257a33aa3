import type { Deletion, DeletionStore, SoleCharge } from "../../operations/ports/deletion.ts";
import type { Page } from "../../operations/ports/page.ts";
import { MAX_ADMINISTERED_OWNERS } from "../../shared/limits.ts";
import { inTime } from "./administrators.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface DeletionRow {
  readonly owner_id: string;
  readonly by_operator: number;
  readonly requested_at: number;
  readonly closed_at: number | null;
  readonly erased_at: number | null;
}

/** Rights of account ?1 at organisations, in the columns of `mine`, where nobody else has the wider one at time ?2. */
const SOLE_CHARGES = `
  FROM administrators AS mine JOIN owners ON owners.id = mine.owner_id AND owners.kind = 'organization'
  WHERE mine.account_id = ?1 AND mine.role = 'administrator' AND ${inTime("?2", "mine")}
    AND NOT EXISTS (
      SELECT 1 FROM administrators AS other
      WHERE other.owner_id = mine.owner_id AND other.account_id <> ?1 AND other.role = 'administrator'
        AND ${inTime("?2", "other")})`;
const LIST_SOLE_CHARGES = `
  SELECT owners.id, owners.name ${SOLE_CHARGES} ORDER BY owners.name LIMIT ${MAX_ADMINISTERED_OWNERS}`;
const REQUEST_BY_PERSON = `
  INSERT INTO deletions (owner_id, by_operator, requested_at)
  SELECT owner_id, 0, ?2 FROM accounts WHERE id = ?1 AND NOT EXISTS (SELECT 1 ${SOLE_CHARGES})
  ON CONFLICT (owner_id) DO NOTHING`;
const IS_GOING = `
  EXISTS (SELECT 1 FROM accounts JOIN deletions ON deletions.owner_id = accounts.owner_id WHERE accounts.id = ?1)`;
const END_RIGHTS = `
  DELETE FROM administrators
  WHERE account_id = ?1 AND owner_id <> (SELECT owner_id FROM accounts WHERE id = ?1) AND ${IS_GOING}
  RETURNING owner_id`;
const IS_REQUESTED = `SELECT ${IS_GOING} AS requested`;
const REQUEST_BY_OPERATOR = `
  INSERT INTO deletions (owner_id, by_operator, requested_at) SELECT id, 1, ?2 FROM owners WHERE id = ?1
  ON CONFLICT (owner_id) DO NOTHING`;
const FIND_ACCOUNT = "SELECT id FROM accounts WHERE owner_id = ?1";
const FIND = "SELECT * FROM deletions WHERE owner_id = ?1";
const LIST = `
  SELECT * FROM deletions WHERE (requested_at, owner_id) > (?1, ?2) ORDER BY requested_at, owner_id LIMIT ?3`;
const LIST_UNFINISHED = `
  SELECT owner_id FROM deletions WHERE erased_at IS NULL AND requested_at < ?1 ORDER BY requested_at LIMIT ?2`;
/** A slice, so that nobody waits behind a long statement. Whoever was erased by then had been asked for before. */
const REMOVE_ERASED = `
  DELETE FROM deletions WHERE owner_id IN (
    SELECT owner_id FROM deletions WHERE requested_at < ?1 AND erased_at < ?1 LIMIT 5000)`;

function fromRow(row: DeletionRow): Deletion {
  return {
    ownerId: row.owner_id,
    byOperator: row.by_operator === 1,
    requestedAt: row.requested_at,
    closedAt: row.closed_at,
    erasedAt: row.erased_at,
  };
}

/** Owners who are going, or gone. */
export class D1DeletionStore implements DeletionStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async requestByPerson(accountId: string, now: number): Promise<readonly string[] | null> {
    const [, ended, requested] = await this.#db.batch([
      this.#db.prepare(REQUEST_BY_PERSON).bind(accountId, now),
      this.#db.prepare(END_RIGHTS).bind(accountId),
      this.#db.prepare(IS_REQUESTED).bind(accountId),
    ]);
    const [answer] = (requested?.results ?? []) as { readonly requested: number }[];
    if (answer?.requested !== 1) return null;
    return ((ended?.results ?? []) as { readonly owner_id: string }[]).map((row) => row.owner_id);
  }

  async requestByOperator(ownerId: string, now: number): Promise<boolean> {
    await this.#db.prepare(REQUEST_BY_OPERATOR).bind(ownerId, now).run();
    return (await this.find(ownerId)) !== null;
  }

  async listSoleCharges(accountId: string, now: number): Promise<readonly SoleCharge[]> {
    const statement = this.#db.prepare(LIST_SOLE_CHARGES).bind(accountId, now);
    const { results } = await statement.all<{ readonly id: string; readonly name: string }>();
    return results.map(({ id, name }) => ({ ownerId: id, name }));
  }

  async findAccountId(ownerId: string): Promise<string | null> {
    const row = await this.#db.prepare(FIND_ACCOUNT).bind(ownerId).first<{ readonly id: string }>();
    return row?.id ?? null;
  }

  async find(ownerId: string): Promise<Deletion | null> {
    const row = await this.#db.prepare(FIND).bind(ownerId).first<DeletionRow>();
    return row === null ? null : fromRow(row);
  }

  async list(cursor: string | null, limit: number): Promise<Page<Deletion>> {
    const after = parseAgeCursor(cursor);
    const statement = this.#db.prepare(LIST).bind(after.createdAt, after.id, limit + 1);
    const { results } = await statement.all<DeletionRow>();
    const keyOf = ({ requestedAt, ownerId }: Deletion) => ageCursor({ createdAt: requestedAt, id: ownerId });
    return toPage(results.map(fromRow), limit, keyOf);
  }

  async listUnfinished(requestedBefore: number, limit: number): Promise<readonly string[]> {
    const statement = this.#db.prepare(LIST_UNFINISHED).bind(requestedBefore, limit);
    const { results } = await statement.all<{ readonly owner_id: string }>();
    return results.map((row) => row.owner_id);
  }

  async removeErasedBefore(time: number): Promise<void> {
    for (let more = true; more; ) more = (await this.#db.prepare(REMOVE_ERASED).bind(time).run()).meta.changes > 0;
  }
}
