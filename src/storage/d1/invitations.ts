import type { Invitation, InvitationStore, OpenedInvitation } from "../../operations/ports/invitation.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { AdministratorRole } from "../../protocol/administrator-role.ts";
import { MAX_ADMINISTERED_OWNERS, MAX_ADMINISTRATORS, MAX_INVITATIONS } from "../../shared/limits.ts";
import { isAdministrator } from "./administrators.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

export interface InvitationRow {
  readonly id: string;
  readonly owner_id: string;
  readonly role: string;
  readonly ends_at: number | null;
  readonly invited_by: string | null;
  readonly sealed_address: string | null;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface OpenedRow extends InvitationRow {
  readonly owner_name: string;
  readonly stands: number;
  readonly inviter_key: string | null;
  readonly inviter_name: string | null;
}

/** The condition that whoever gave an invitation may still invite. INVARIANT: an ended right lets nobody in. */
export function inviterStands(now: string): string {
  const right = { ownerId: "invitations.owner_id", accountId: "invitations.invited_by", now };
  return `(invitations.invited_by IS NULL OR ${isAdministrator(right)})`;
}

/** The condition that an invitation counts. */
export function counts(now: string): string {
  return `invitations.expires_at > ${now} AND (invitations.ends_at IS NULL OR invitations.ends_at > ${now})
    AND ${inviterStands(now)}`;
}

const HAS_ROOM = `(
  SELECT count(*) FROM invitations AS waiting WHERE waiting.owner_id = ?3 AND waiting.expires_at > ?7) < ${MAX_INVITATIONS}`;
const INSERT_BY_OPERATOR = `
  INSERT INTO invitations (hash, id, owner_id, role, ends_at, invited_by, created_at, expires_at, sealed_address)
  SELECT ?1, ?2, owners.id, ?4, ?5, ?6, ?7, ?8, ?9 FROM owners
  WHERE owners.id = ?3 AND owners.kind = 'organization' AND ${HAS_ROOM} RETURNING *`;
/** INVARIANT: nobody gives more than they have: a right that ends ends what it gave, by then at the latest. */
const INSERT = `
  INSERT INTO invitations (hash, id, owner_id, role, ends_at, invited_by, created_at, expires_at, sealed_address)
  SELECT ?1, ?2, owners.id, ?4, coalesce(min(?5, inviter.ends_at), ?5, inviter.ends_at), ?6, ?7, ?8, ?9
  FROM owners JOIN administrators AS inviter ON inviter.owner_id = owners.id
  WHERE owners.id = ?3 AND owners.kind = 'organization' AND inviter.account_id = ?6 AND inviter.role = 'administrator'
    AND ${isAdministrator({ ownerId: "?3", accountId: "?6", now: "?7" })} AND ${HAS_ROOM} RETURNING *`;
/** An invitation, with what whoever opens it is told. ?1 is its hash, ?2 now. */
export const OPEN_INVITATION = `
  SELECT invitations.*, owners.name AS owner_name, ${inviterStands("?2")} AS stands,
    accounts.wrapped_key AS inviter_key, accounts.sealed_name AS inviter_name
  FROM invitations JOIN owners ON owners.id = invitations.owner_id
    LEFT JOIN accounts ON accounts.id = invitations.invited_by
  WHERE invitations.hash = ?1`;
const LIST = `
  SELECT * FROM invitations
  WHERE owner_id = ?1 AND (created_at, id) > (?2, ?3) AND ${counts("?5")} ORDER BY created_at, id LIMIT ?4`;
const REMOVE_BY_OPERATOR = "DELETE FROM invitations WHERE id = ?2 AND owner_id = ?1";
const REMOVE = `
  DELETE FROM invitations
  WHERE id = ?2 AND owner_id = ?1 AND ${isAdministrator({ ownerId: "?1", accountId: "?3", now: "?4" })}`;

/** A right that has ended is none; one that stands is only ever prolonged. */
const HAS_ENDED = "administrators.ends_at <= ?3";
const LONGER = `iif(administrators.ends_at IS NULL OR excluded.ends_at IS NULL,
      NULL, max(administrators.ends_at, excluded.ends_at))`;
const ADD = `
  INSERT INTO administrators (owner_id, account_id, role, begins_at, ends_at, invited_by)
  SELECT owner_id, ?2, role, ?3, ends_at, invited_by FROM invitations
  WHERE hash = ?1 AND ${counts("?3")}
    AND (EXISTS (
        SELECT 1 FROM administrators AS mine
        WHERE mine.owner_id = invitations.owner_id AND mine.account_id = ?2)
      OR (SELECT count(*) FROM administrators AS others WHERE others.owner_id = invitations.owner_id)
          < ${MAX_ADMINISTRATORS}
        AND (SELECT count(*) FROM administrators AS rights WHERE rights.account_id = ?2) < ${MAX_ADMINISTERED_OWNERS})
  ON CONFLICT (owner_id, account_id, role) DO UPDATE SET
    begins_at = iif(${HAS_ENDED}, excluded.begins_at, administrators.begins_at),
    ends_at = iif(${HAS_ENDED}, excluded.ends_at, ${LONGER}),
    invited_by = iif(${HAS_ENDED}, excluded.invited_by, administrators.invited_by)`;
/** Who may do everything for as long needs no narrower right beside it. */
const DROP_NARROWER = `
  DELETE FROM administrators
  WHERE account_id = ?2 AND role = 'assistant'
    AND owner_id = (SELECT owner_id FROM invitations WHERE hash = ?1)
    AND EXISTS (
      SELECT 1 FROM administrators AS wider
      WHERE wider.owner_id = administrators.owner_id AND wider.account_id = ?2 AND wider.role = 'administrator'
        AND (wider.ends_at IS NULL OR wider.ends_at >= administrators.ends_at))`;
const SPEND = `
  DELETE FROM invitations
  WHERE hash = ?1 AND ${counts("?3")}
    AND EXISTS (
      SELECT 1 FROM administrators AS mine
      WHERE mine.owner_id = invitations.owner_id AND mine.account_id = ?2
        AND (mine.ends_at IS NULL OR mine.ends_at > ?3))
  RETURNING *`;
const DECLINE = `DELETE FROM invitations WHERE hash = ?1 AND ${counts("?2")} RETURNING *`;
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_EXPIRED = `
  DELETE FROM invitations WHERE hash IN (SELECT hash FROM invitations WHERE expires_at <= ?1 LIMIT 5000)`;

export function invitationFromRow(row: InvitationRow): Invitation {
  return {
    id: row.id,
    ownerId: row.owner_id,
    role: row.role as AdministratorRole,
    endsAt: row.ends_at,
    invitedBy: row.invited_by,
    sealedAddress: row.sealed_address,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

export function openedFromRow(row: OpenedRow | null): OpenedInvitation | null {
  if (row === null) return null;
  const { inviter_key: wrappedKey, inviter_name: sealedName } = row;
  const inviter = wrappedKey === null || sealedName === null ? null : { wrappedKey, sealedName };
  return { invitation: invitationFromRow(row), ownerName: row.owner_name, inviter, stands: row.stands === 1 };
}

/** Links that make somebody an administrator, until they are used, taken back or have expired. */
export class D1InvitationStore implements InvitationStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async insert(invitation: Invitation, hash: string): Promise<Invitation | null> {
    const { id, ownerId, role, endsAt, invitedBy, sealedAddress, createdAt, expiresAt } = invitation;
    const statement = this.#db.prepare(invitedBy === null ? INSERT_BY_OPERATOR : INSERT);
    const columns = [endsAt, invitedBy, createdAt, expiresAt, sealedAddress];
    return first(await statement.bind(hash, id, ownerId, role, ...columns).run());
  }

  async find(hash: string, now: number): Promise<OpenedInvitation | null> {
    return openedFromRow(await this.#db.prepare(OPEN_INVITATION).bind(hash, now).first<OpenedRow>());
  }

  async list(ownerId: string, now: number, cursor: string | null, limit: number): Promise<Page<Invitation>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(ownerId, after.createdAt, after.id, limit + 1, now)
      .all<InvitationRow>();
    return toPage(results.map(invitationFromRow), limit, ageCursor);
  }

  async remove(ownerId: string, id: string, takenBy: string | null, now: number): Promise<boolean> {
    const remove =
      takenBy === null
        ? this.#db.prepare(REMOVE_BY_OPERATOR).bind(ownerId, id)
        : this.#db.prepare(REMOVE).bind(ownerId, id, takenBy, now);
    return (await remove.run()).meta.changes > 0;
  }

  async accept(hash: string, accountId: string, now: number): Promise<Invitation | null> {
    const [, , spent] = await this.#db.batch([
      this.#db.prepare(ADD).bind(hash, accountId, now),
      this.#db.prepare(DROP_NARROWER).bind(hash, accountId),
      this.#db.prepare(SPEND).bind(hash, accountId, now),
    ]);
    return spent === undefined ? null : first(spent);
  }

  async decline(hash: string, now: number): Promise<Invitation | null> {
    return first(await this.#db.prepare(DECLINE).bind(hash, now).run());
  }

  async removeExpired(now: number): Promise<void> {
    for (let more = true; more; ) more = (await this.#db.prepare(REMOVE_EXPIRED).bind(now).run()).meta.changes > 0;
  }
}

function first({ results }: D1Result): Invitation | null {
  const [row] = results as InvitationRow[];
  return row === undefined ? null : invitationFromRow(row);
}
