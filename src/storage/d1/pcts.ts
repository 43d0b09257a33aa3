import type { Pct, PctStore, PresentedPct, RememberedApp } from "../../operations/ports/pct.ts";
import { PCT_LIFETIME_SECONDS, PCT_SEEN_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_PCTS_PER_CLIENT, MAX_REMEMBERED_APPS } from "../../shared/limits.ts";

interface PresentedRow {
  readonly account_id: string;
  readonly owner_id: string;
  readonly wrapped_key: string;
  readonly sealed_name: string;
  readonly sealed_claims: string;
}

interface RememberedRow {
  readonly client_id: string;
  readonly client_name: string | null;
  readonly sealed_claims: string;
  readonly created_at: number;
  readonly used_at: number | null;
  readonly expires_at: number;
}

const INSERT = `
  INSERT INTO pcts (hash, client_id, account_id, sealed_claims, created_at, used_at, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6)`;
/** INVARIANT: the one that was just made stays, also among others of the same second. */
const KEEP_NEWEST = `
  DELETE FROM pcts WHERE hash IN (
    SELECT hash FROM pcts WHERE account_id = ?1 AND client_id = ?2 AND hash <> ?3
    ORDER BY created_at DESC LIMIT -1 OFFSET ${MAX_PCTS_PER_CLIENT - 1})`;
const REMOVE_STOLEN = "DELETE FROM pcts WHERE hash = ?1 AND client_id <> ?2";
/** Each use begins its time anew, and is written down once a day. */
const SEE = `
  UPDATE pcts SET used_at = ?2, expires_at = ?2 + ${PCT_LIFETIME_SECONDS}
  WHERE hash = ?1 AND expires_at > ?2 AND coalesce(used_at, 0) <= ?2 - ${PCT_SEEN_SECONDS}`;
const FIND = `
  SELECT account_id, owner_id, wrapped_key, sealed_name, sealed_claims FROM pcts CROSS JOIN accounts ON accounts.id = account_id
  WHERE hash = ?1 AND expires_at > ?2`;
const ADDRESSES =
  "SELECT address FROM account_addresses WHERE account_id = (SELECT account_id FROM pcts WHERE hash = ?1)";
const IDENTITIES = "SELECT id FROM identities WHERE account_id = (SELECT account_id FROM pcts WHERE hash = ?1)";
const REMOVE = "DELETE FROM pcts WHERE hash = ?1 AND client_id = ?2";
/** Of each app what the newest stands for. */
const LIST = `
  SELECT client_id, (SELECT name FROM clients WHERE clients.id = client_id) AS client_name,
    (SELECT sealed_claims FROM pcts AS newest WHERE newest.account_id = ?1 AND newest.client_id = pcts.client_id
      ORDER BY newest.created_at DESC LIMIT 1) AS sealed_claims,
    max(created_at) AS created_at, max(used_at) AS used_at, max(expires_at) AS expires_at
  FROM pcts WHERE account_id = ?1 AND expires_at > ?2
  GROUP BY client_id ORDER BY created_at DESC LIMIT ${MAX_REMEMBERED_APPS}`;
const FORGET_ACCOUNT = "DELETE FROM pcts WHERE account_id = ?1 AND (?2 IS NULL OR client_id = ?2)";
const FORGET_CLIENT = "DELETE FROM pcts WHERE hash IN (SELECT hash FROM pcts WHERE client_id = ?1 LIMIT 5000)";
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_EXPIRED = "DELETE FROM pcts WHERE hash IN (SELECT hash FROM pcts WHERE expires_at <= ?1 LIMIT 5000)";

function rememberedFromRow(row: RememberedRow): RememberedApp {
  return {
    clientId: row.client_id,
    clientName: row.client_name,
    sealedClaims: row.sealed_claims,
    createdAt: row.created_at,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
  };
}

export class D1PctStore implements PctStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async insert({ clientId, accountId, sealedClaims, createdAt, expiresAt }: Pct, hash: string): Promise<void> {
    await this.#db.batch([
      this.#db.prepare(INSERT).bind(hash, clientId, accountId, sealedClaims, createdAt, expiresAt),
      this.#db.prepare(KEEP_NEWEST).bind(accountId, clientId, hash),
    ]);
  }

  async use(hash: string, clientId: string, now: number): Promise<PresentedPct | "stolen" | null> {
    const [stolen, , found, addresses, identities] = await this.#db.batch([
      this.#db.prepare(REMOVE_STOLEN).bind(hash, clientId),
      this.#db.prepare(SEE).bind(hash, now),
      this.#db.prepare(FIND).bind(hash, now),
      this.#db.prepare(ADDRESSES).bind(hash),
      this.#db.prepare(IDENTITIES).bind(hash),
    ]);
    if ((stolen?.meta.changes ?? 0) > 0) return "stolen";
    const [row] = (found?.results ?? []) as PresentedRow[];
    if (row === undefined) return null;
    return {
      accountId: row.account_id,
      ownerId: row.owner_id,
      wrappedKey: row.wrapped_key,
      sealedName: row.sealed_name,
      sealedClaims: row.sealed_claims,
      addresses: ((addresses?.results ?? []) as { address: string }[]).map(({ address }) => address),
      identityIds: ((identities?.results ?? []) as { id: string }[]).map(({ id }) => id),
    };
  }

  async remove(hash: string, clientId: string): Promise<boolean> {
    return (await this.#db.prepare(REMOVE).bind(hash, clientId).run()).meta.changes > 0;
  }

  async list(accountId: string, now: number): Promise<readonly RememberedApp[]> {
    const { results } = await this.#db.prepare(LIST).bind(accountId, now).all<RememberedRow>();
    return results.map(rememberedFromRow);
  }

  async forgetAccount(accountId: string, clientId: string | null): Promise<number> {
    return (await this.#db.prepare(FORGET_ACCOUNT).bind(accountId, clientId).run()).meta.changes;
  }

  async forgetClient(clientId: string): Promise<number> {
    return this.#removeAll(FORGET_CLIENT, clientId);
  }

  async removeExpired(now: number): Promise<void> {
    await this.#removeAll(REMOVE_EXPIRED, now);
  }

  async #removeAll(statement: string, key: string | number): Promise<number> {
    for (let count = 0; ; ) {
      const { changes } = (await this.#db.prepare(statement).bind(key).run()).meta;
      if (changes === 0) return count;
      count += changes;
    }
  }
}
