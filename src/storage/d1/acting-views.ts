import type {
  ActingViewStore,
  StoredActing,
  StoredActor,
  StoredFellow,
  StoredInvitation,
  StoredInvitationView,
} from "../../operations/ports/acting-view.ts";
import type { Administered } from "../../operations/ports/administrator.ts";
import type { SignedIn } from "../../operations/ports/session.ts";
import { MAX_ADMINISTRATORS, MAX_INVITATIONS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow } from "./accounts.ts";
import {
  type AdministeredRow,
  type AdministratorRow,
  administeredFromRow,
  administratorFromRow,
  invitedAdministratorFromRow,
  isWidest,
  listAdministered,
} from "./administrators.ts";
import {
  counts,
  type InvitationRow,
  invitationFromRow,
  OPEN_INVITATION,
  type OpenedRow,
  openedFromRow,
} from "./invitations.ts";
import { type SessionRow, sessionFromRow } from "./sessions.ts";

interface FellowRow extends AdministratorRow {
  readonly wrapped_key: string;
  readonly sealed_name: string;
  readonly address: string | null;
}

interface SentInvitationRow extends InvitationRow {
  readonly inviter_key: string | null;
}

/** Whose session it is: every statement finds that out by itself, so that all go in one batch. */
const ACCOUNT_ID = "(SELECT account_id FROM sessions WHERE hash = ?1 AND expires_at > ?2)";
const OWNER_ID = `coalesce(?3, (SELECT owner_id FROM accounts WHERE id = ${ACCOUNT_ID}))`;
const FIND_SESSION = "SELECT * FROM sessions WHERE hash = ?1 AND expires_at > ?2";
const FIND_ACCOUNT = `SELECT * FROM accounts WHERE id = ${ACCOUNT_ID}`;
const LIST_ADMINISTERED = listAdministered(ACCOUNT_ID, "?2");
const ADDRESS_OF = (accountId: string) => `
  (SELECT address FROM account_addresses WHERE account_addresses.account_id = ${accountId} ORDER BY verified_at LIMIT 1)`;
const LIST_FELLOWS = `
  SELECT administrators.*, accounts.wrapped_key, accounts.sealed_name, ${ADDRESS_OF("accounts.id")} AS address
  FROM administrators JOIN accounts ON accounts.id = account_id
  WHERE administrators.owner_id = ${OWNER_ID} AND (ends_at IS NULL OR ends_at > ?2)
  ORDER BY begins_at, account_id, role LIMIT ${MAX_ADMINISTRATORS}`;
const LIST_INVITATIONS = `
  SELECT invitations.*, accounts.wrapped_key AS inviter_key
  FROM invitations LEFT JOIN accounts ON accounts.id = invitations.invited_by
  WHERE invitations.owner_id = ${OWNER_ID} AND ${counts("?2")}
  ORDER BY invitations.created_at, invitations.id LIMIT ${MAX_INVITATIONS}`;
const FIND_ADDRESS = `SELECT ${ADDRESS_OF(ACCOUNT_ID)} AS address`;
const FIND_PRESENT = `
  SELECT * FROM administrators
  WHERE account_id = ${ACCOUNT_ID} AND owner_id = (SELECT owner_id FROM invitations WHERE hash = ?3) AND ${isWidest("?2")}`;

function signedInFrom(sessions?: D1Result, accounts?: D1Result): SignedIn | null {
  const [session] = (sessions?.results ?? []) as SessionRow[];
  const [account] = (accounts?.results ?? []) as AccountRow[];
  if (session === undefined || account === undefined) return null;
  return { session: sessionFromRow(session), account: accountFromRow(account) };
}

function administeredFrom(administered?: D1Result): readonly Administered[] {
  return ((administered?.results ?? []) as AdministeredRow[]).map(administeredFromRow);
}

function addressFrom(addresses?: D1Result): string | null {
  const [found] = (addresses?.results ?? []) as { readonly address: string | null }[];
  return found?.address ?? null;
}

function fellowFromRow(row: FellowRow): StoredFellow {
  const account = { wrappedKey: row.wrapped_key, sealedName: row.sealed_name };
  return { ...invitedAdministratorFromRow(row), account, address: row.address };
}

function sentFromRow(row: SentInvitationRow): StoredInvitation {
  return { ...invitationFromRow(row), inviterKey: row.inviter_key };
}

export class D1ActingViewStore implements ActingViewStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async ofPerson(sessionHash: string, now: number): Promise<StoredActor | null> {
    const [sessions, accounts, addresses, administered] = await this.#db.batch(
      [FIND_SESSION, FIND_ACCOUNT, FIND_ADDRESS, LIST_ADMINISTERED].map((statement) =>
        this.#db.prepare(statement).bind(sessionHash, now),
      ),
    );
    const signedIn = signedInFrom(sessions, accounts);
    if (signedIn === null) return null;
    return { signedIn, address: addressFrom(addresses), administered: administeredFrom(administered) };
  }

  async ofOwner(sessionHash: string, ownerId: string | null, now: number): Promise<StoredActing | null> {
    const person = [FIND_SESSION, FIND_ACCOUNT, LIST_ADMINISTERED].map((statement) =>
      this.#db.prepare(statement).bind(sessionHash, now),
    );
    const owner = [LIST_FELLOWS, LIST_INVITATIONS].map((statement) =>
      this.#db.prepare(statement).bind(sessionHash, now, ownerId),
    );
    const [sessions, accounts, administered, fellows, invitations] = await this.#db.batch([...person, ...owner]);
    const signedIn = signedInFrom(sessions, accounts);
    if (signedIn === null) return null;
    return {
      signedIn,
      ownerId: ownerId ?? signedIn.account.ownerId,
      administered: administeredFrom(administered),
      fellows: ((fellows?.results ?? []) as FellowRow[]).map(fellowFromRow),
      invitations: ((invitations?.results ?? []) as SentInvitationRow[]).map(sentFromRow),
    };
  }

  async ofInvitation(invitationHash: string, sessionHash: string | null, now: number): Promise<StoredInvitationView> {
    const hash = sessionHash ?? "";
    const [opened, sessions, accounts, addresses, rights] = await this.#db.batch([
      this.#db.prepare(OPEN_INVITATION).bind(invitationHash, now),
      ...[FIND_SESSION, FIND_ACCOUNT, FIND_ADDRESS].map((statement) => this.#db.prepare(statement).bind(hash, now)),
      this.#db.prepare(FIND_PRESENT).bind(hash, now, invitationHash),
    ]);
    const [row = null] = (opened?.results ?? []) as OpenedRow[];
    const [right] = (rights?.results ?? []) as AdministratorRow[];
    const signedIn = signedInFrom(sessions, accounts);
    const present = right === undefined ? null : administratorFromRow(right);
    const reader = signedIn === null ? null : { signedIn, address: addressFrom(addresses), present };
    return { opened: openedFromRow(row), reader };
  }
}
