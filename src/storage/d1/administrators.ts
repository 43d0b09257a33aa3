import type {
  Administered,
  Administrator,
  AdministratorStore,
  InvitedAdministrator,
} from "../../operations/ports/administrator.ts";
import type { AdministratorRole } from "../../protocol/administrator-role.ts";
import { MAX_ADMINISTERED_OWNERS, MAX_ADMINISTRATORS } from "../../shared/limits.ts";

export interface AdministratorRow {
  readonly owner_id: string;
  readonly account_id: string;
  readonly role: string;
  readonly begins_at: number;
  readonly ends_at: number | null;
  readonly invited_by: string | null;
}

export interface AdministeredRow extends AdministratorRow {
  readonly kind: string;
  readonly name: string;
}

/** For a parameter, or a column of the statement around: what it holds, such as "?1". */
interface RightParameters {
  readonly ownerId: string;
  readonly accountId: string;
  readonly now: string;
}

/** INVARIANT: a right counts from its beginning to its end, both told by the clock of whoever asks. */
export function inTime(now: string, table = "administrators"): string {
  return `${table}.begins_at <= ${now} AND (${table}.ends_at IS NULL OR ${table}.ends_at > ${now})`;
}

/** The condition that an account may choose the administrators of an owner. */
export function isAdministrator({ ownerId, accountId, now }: RightParameters): string {
  return `EXISTS (
    SELECT 1 FROM administrators AS standing
    WHERE standing.owner_id = ${ownerId} AND standing.account_id = ${accountId} AND standing.role = 'administrator'
      AND ${inTime(now, "standing")})`;
}

/** The condition that a row is the widest right that an account has at an owner: of two that stand, one counts. */
export function isWidest(now: string): string {
  const right = { ownerId: "administrators.owner_id", accountId: "administrators.account_id", now };
  return `${inTime(now)} AND (administrators.role = 'administrator' OR NOT ${isAdministrator(right)})`;
}

/** The statement that lists the owners of an account; what is the person's own comes first. */
export function listAdministered(accountId: string, now: string): string {
  return `
    SELECT administrators.*, owners.kind, owners.name FROM administrators JOIN owners ON owners.id = owner_id
    WHERE account_id = ${accountId} AND ${isWidest(now)}
    ORDER BY owners.kind = 'person' DESC, owners.name LIMIT ${MAX_ADMINISTERED_OWNERS}`;
}

const FIND = `
  SELECT * FROM administrators WHERE owner_id = ?1 AND account_id = ?2 AND ${isWidest("?3")}`;
const LIST_BY_OWNER = `
  SELECT * FROM administrators WHERE owner_id = ?1 AND (ends_at IS NULL OR ends_at > ?2)
  ORDER BY account_id, role LIMIT ${MAX_ADMINISTRATORS}`;
/** What is one's own nobody ends, not even oneself: there has to be somebody who acts for a person. */
const OF_ANOTHER = "NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = ?2 AND accounts.owner_id = ?1)";
const END_BY_OPERATOR = `
  DELETE FROM administrators
  WHERE owner_id = ?1 AND account_id = ?2 AND (ends_at IS NULL OR ends_at > ?3) AND ${OF_ANOTHER}`;
const END = `
  DELETE FROM administrators
  WHERE owner_id = ?1 AND account_id = ?2 AND (ends_at IS NULL OR ends_at > ?3) AND ${OF_ANOTHER}
    AND (?4 = ?2 OR ${isAdministrator({ ownerId: "?1", accountId: "?4", now: "?3" })})
    AND (NOT ${isAdministrator({ ownerId: "?1", accountId: "?2", now: "?3" })} OR EXISTS (
      SELECT 1 FROM administrators AS other
      WHERE other.owner_id = ?1 AND other.account_id <> ?2 AND other.role = 'administrator'
        AND ${inTime("?3", "other")}))`;
/** INVARIANT: nobody comes back by a link that they made while they had the right to. */
const REMOVE_INVITATIONS = `
  DELETE FROM invitations WHERE owner_id = ?1 AND invited_by = ?2
    AND NOT EXISTS (SELECT 1 FROM administrators WHERE administrators.owner_id = ?1 AND administrators.account_id = ?2)`;
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_ENDED = `
  DELETE FROM administrators WHERE (owner_id, account_id, role) IN (
    SELECT owner_id, account_id, role FROM administrators WHERE ends_at <= ?1 LIMIT 5000)`;

export function administratorFromRow(row: AdministratorRow): Administrator {
  return {
    ownerId: row.owner_id,
    accountId: row.account_id,
    role: row.role as AdministratorRole,
    beginsAt: row.begins_at,
    endsAt: row.ends_at,
  };
}

export function administeredFromRow(row: AdministeredRow): Administered {
  return { ...administratorFromRow(row), ownerName: row.kind === "person" ? null : row.name };
}

export function invitedAdministratorFromRow(row: AdministratorRow): InvitedAdministrator {
  return { ...administratorFromRow(row), invitedBy: row.invited_by };
}

export class D1AdministratorStore implements AdministratorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(ownerId: string, accountId: string, now: number): Promise<Administrator | null> {
    const row = await this.#db.prepare(FIND).bind(ownerId, accountId, now).first<AdministratorRow>();
    return row === null ? null : administratorFromRow(row);
  }

  async listByOwner(ownerId: string, now: number): Promise<readonly InvitedAdministrator[]> {
    const { results } = await this.#db.prepare(LIST_BY_OWNER).bind(ownerId, now).all<AdministratorRow>();
    return results.map(invitedAdministratorFromRow);
  }

  async end(ownerId: string, accountId: string, endedBy: string | null, now: number): Promise<boolean> {
    const end =
      endedBy === null
        ? this.#db.prepare(END_BY_OPERATOR).bind(ownerId, accountId, now)
        : this.#db.prepare(END).bind(ownerId, accountId, now, endedBy);
    const [ended] = await this.#db.batch([end, this.#db.prepare(REMOVE_INVITATIONS).bind(ownerId, accountId)]);
    return (ended?.meta.changes ?? 0) > 0;
  }

  async removeEnded(now: number): Promise<void> {
    for (let more = true; more; ) more = (await this.#db.prepare(REMOVE_ENDED).bind(now).run()).meta.changes > 0;
  }
}
