import type { KnownPerson, Session, SessionStore } from "../../operations/ports/session.ts";
import type { SignInMethod } from "../../protocol/sign-in-method.ts";
import { MAX_SESSIONS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow } from "./accounts.ts";
import { type AddressRow, addressFromRow, type IdentityRow, identityFromRow } from "./proofs.ts";

export interface SessionRow {
  readonly id: string;
  readonly account_id: string;
  readonly authenticated_at: number;
  readonly methods: string;
  readonly sealed_place: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
}

const FIND = "SELECT * FROM sessions WHERE hash = ?1 AND expires_at > ?2";
/** Whose session it is: every statement finds that out by itself, so that all go in one batch. */
const ACCOUNT_ID = "(SELECT account_id FROM sessions WHERE hash = ?1 AND expires_at > ?2)";
const FIND_ACCOUNT = `SELECT * FROM accounts WHERE id = ${ACCOUNT_ID}`;
const LIST_ADDRESSES = `SELECT * FROM account_addresses WHERE account_id = ${ACCOUNT_ID}`;
const LIST_IDENTITIES = `SELECT * FROM identities WHERE account_id = ${ACCOUNT_ID}`;
const INSERT = `
  INSERT INTO sessions
    (hash, id, account_id, authenticated_at, methods, sealed_place, created_at, last_seen_at, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`;
/** The slice after the newest: signing in by a passkey is never slowed, so only this bounds how many there are. */
const END_OLDEST = `
  DELETE FROM sessions WHERE hash IN (
    SELECT hash FROM sessions WHERE account_id = ?1 AND hash <> ?2
    ORDER BY created_at DESC LIMIT 100 OFFSET ${MAX_SESSIONS - 1})`;
const SPEAK = "UPDATE accounts SET language = ?2 WHERE id = ?1 AND ?2 IS NOT NULL AND language IS NOT ?2";
const TOUCH = "UPDATE sessions SET last_seen_at = ?2, expires_at = ?3 WHERE hash = ?1";
const LIST = `
  SELECT * FROM sessions WHERE account_id = ?1 AND expires_at > ?2
  ORDER BY created_at DESC LIMIT ${MAX_SESSIONS}`;
const END = "DELETE FROM sessions WHERE id = ?2 AND account_id = ?1";
const END_BY_HASH = "DELETE FROM sessions WHERE hash = ?1";
const END_ALL = "DELETE FROM sessions WHERE account_id = ?1 AND id IS NOT ?2";
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_EXPIRED = `
  DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires_at <= ?1 LIMIT 5000)`;

export function sessionFromRow(row: SessionRow): Session {
  return {
    id: row.id,
    accountId: row.account_id,
    authenticatedAt: row.authenticated_at,
    methods: JSON.parse(row.methods) as SignInMethod[],
    sealedPlace: row.sealed_place,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
}

/** Browsers in which somebody is signed in. A session that has ended has no row. */
export class D1SessionStore implements SessionStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(hash: string, now: number): Promise<KnownPerson | null> {
    const statements = [FIND, FIND_ACCOUNT, LIST_ADDRESSES, LIST_IDENTITIES];
    const results = await this.#db.batch(statements.map((statement) => this.#db.prepare(statement).bind(hash, now)));
    const [sessions, accounts, addresses, identities] = results;
    const [session] = (sessions?.results ?? []) as SessionRow[];
    const [account] = (accounts?.results ?? []) as AccountRow[];
    if (session === undefined || account === undefined) return null;
    return {
      session: sessionFromRow(session),
      account: accountFromRow(account),
      addresses: ((addresses?.results ?? []) as AddressRow[]).map(addressFromRow),
      identities: ((identities?.results ?? []) as IdentityRow[]).map(identityFromRow),
    };
  }

  async insert(session: Session, hash: string, replaced: string | null, language: string | null): Promise<void> {
    const { id, accountId, authenticatedAt, sealedPlace, createdAt, lastSeenAt, expiresAt } = session;
    const how = [authenticatedAt, JSON.stringify(session.methods), sealedPlace];
    await this.#db.batch([
      this.#db.prepare(END_BY_HASH).bind(replaced ?? ""),
      this.#db.prepare(INSERT).bind(hash, id, accountId, ...how, createdAt, lastSeenAt, expiresAt),
      this.#db.prepare(END_OLDEST).bind(accountId, hash),
      this.#db.prepare(SPEAK).bind(accountId, language),
    ]);
  }

  async touch(hash: string, lastSeenAt: number, expiresAt: number): Promise<void> {
    await this.#db.prepare(TOUCH).bind(hash, lastSeenAt, expiresAt).run();
  }

  async list(accountId: string, now: number): Promise<readonly Session[]> {
    const { results } = await this.#db.prepare(LIST).bind(accountId, now).all<SessionRow>();
    return results.map(sessionFromRow);
  }

  async end(accountId: string, sessionId: string): Promise<boolean> {
    return (await this.#db.prepare(END).bind(accountId, sessionId).run()).meta.changes > 0;
  }

  async endByHash(hash: string): Promise<void> {
    await this.#db.prepare(END_BY_HASH).bind(hash).run();
  }

  async endAll(accountId: string, exceptId: string | null): Promise<void> {
    await this.#db.prepare(END_ALL).bind(accountId, exceptId).run();
  }

  async removeExpired(now: number): Promise<void> {
    for (let more = true; more; ) more = (await this.#db.prepare(REMOVE_EXPIRED).bind(now).run()).meta.changes > 0;
  }
}
