import type {
  Account,
  AccountPasskey,
  AccountStore,
  Identity,
  Passkey,
  Proof,
  Proofs,
} from "../../operations/ports/account.ts";
import type { Owner } from "../../operations/ports/owner.ts";
import { isRefusedForGood } from "./failure.ts";
import { insertOwnerStatements } from "./owners.ts";
import {
  type AddressRow,
  addressFromRow,
  type IdentityRow,
  identityFromRow,
  insertProofStatement,
  type PasskeyRow,
  passkeyFromRow,
  removeProofStatement,
} from "./proofs.ts";

export interface AccountRow {
  readonly id: string;
  readonly owner_id: string;
  readonly wrapped_key: string;
  readonly sealed_name: string;
  readonly created_at: number;
}

const FIND = "SELECT * FROM accounts WHERE id = ?1";
const FIND_BY_ADDRESS = `
  SELECT * FROM accounts WHERE id = (SELECT account_id FROM account_addresses WHERE address = ?1)`;
const FIND_BY_IDENTITY = "SELECT * FROM accounts WHERE id = (SELECT account_id FROM identities WHERE id = ?1)";
const FIND_PASSKEY = "SELECT * FROM passkeys WHERE id = ?1";
const FIND_BY_PASSKEY = "SELECT * FROM accounts WHERE id = (SELECT account_id FROM passkeys WHERE id = ?1)";
const INSERT = "INSERT INTO accounts (id, owner_id, wrapped_key, sealed_name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_ADMINISTRATOR = `
  INSERT INTO administrators (owner_id, account_id, role, begins_at, ends_at) VALUES (?1, ?2, 'administrator', ?3, NULL)`;
const RENAME = "UPDATE accounts SET sealed_name = ?2 WHERE id = ?1";
const LIST_PASSKEYS = "SELECT * FROM passkeys WHERE account_id = ?1";
const LIST_ADDRESSES = "SELECT * FROM account_addresses WHERE account_id = ?1";
const LIST_IDENTITIES = "SELECT * FROM identities WHERE account_id = ?1";
const COUNT_RECOVERY_CODES = "SELECT count(*) AS n FROM recovery_codes WHERE account_id = ?1";
const RENAME_PASSKEY = "UPDATE passkeys SET sealed_name = ?3 WHERE id = ?2 AND account_id = ?1";
const USE_PASSKEY = "UPDATE passkeys SET sign_count = ?3, last_used_at = ?4 WHERE id = ?1 AND sign_count = ?2";
const USE_IDENTITY = `
  UPDATE identities SET provider_id = ?3, sealed_statement = ?4, last_used_at = ?5 WHERE id = ?2 AND account_id = ?1`;
const DROP_RECOVERY_CODES = "DELETE FROM recovery_codes WHERE account_id = ?1";
const INSERT_RECOVERY_CODES = `
  INSERT INTO recovery_codes (hash, account_id, created_at) SELECT value, ?1, ?3 FROM json_each(?2)`;
const TAKE_RECOVERY_CODE = "DELETE FROM recovery_codes WHERE hash = ?1 RETURNING account_id";

export function accountFromRow(row: AccountRow): Account {
  return {
    id: row.id,
    ownerId: row.owner_id,
    wrappedKey: row.wrapped_key,
    sealedName: row.sealed_name,
    createdAt: row.created_at,
  };
}

/** The lists of an account's proofs, in the order in which `proofsFromResults` reads them. */
function proofStatements(db: D1Database, accountId: string): readonly D1PreparedStatement[] {
  const lists = [LIST_PASSKEYS, LIST_ADDRESSES, LIST_IDENTITIES, COUNT_RECOVERY_CODES];
  return lists.map((list) => db.prepare(list).bind(accountId));
}

/** Of the lists of an account's proofs, in the order of `proofStatements`. */
export function proofsFromResults([passkeys, addresses, identities, codes]: readonly D1Result[]): Proofs {
  return {
    passkeys: ((passkeys?.results ?? []) as PasskeyRow[]).map(passkeyFromRow),
    addresses: ((addresses?.results ?? []) as AddressRow[]).map(addressFromRow),
    identities: ((identities?.results ?? []) as IdentityRow[]).map(identityFromRow),
    recoveryCodes: ((codes?.results ?? []) as { n: number }[])[0]?.n ?? 0,
  };
}

/** People who can sign in, and what proves who they are. */
export class D1AccountStore implements AccountStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  find(id: string): Promise<Account | null> {
    return this.#find(FIND, id);
  }

  findByAddress(address: string): Promise<Account | null> {
    return this.#find(FIND_BY_ADDRESS, address);
  }

  findByIdentity(identityId: string): Promise<Account | null> {
    return this.#find(FIND_BY_IDENTITY, identityId);
  }

  async findByPasskey(passkeyId: string): Promise<AccountPasskey | null> {
    const [passkeys, accounts] = await this.#db.batch([
      this.#db.prepare(FIND_PASSKEY).bind(passkeyId),
      this.#db.prepare(FIND_BY_PASSKEY).bind(passkeyId),
    ]);
    const [passkey] = (passkeys?.results ?? []) as PasskeyRow[];
    const [account] = (accounts?.results ?? []) as AccountRow[];
    if (passkey === undefined || account === undefined) return null;
    return { account: accountFromRow(account), passkey: passkeyFromRow(passkey) };
  }

  async insert(account: Account, owner: Owner, proof: Proof): Promise<boolean> {
    const { id, ownerId, wrappedKey, sealedName, createdAt } = account;
    return this.#isTaken([
      ...insertOwnerStatements(this.#db, owner),
      this.#db.prepare(INSERT).bind(id, ownerId, wrappedKey, sealedName, createdAt),
      this.#db.prepare(INSERT_ADMINISTRATOR).bind(ownerId, id, createdAt),
      insertProofStatement(this.#db, id, proof),
    ]);
  }

  async rename(accountId: string, sealedName: string): Promise<void> {
    await this.#db.prepare(RENAME).bind(accountId, sealedName).run();
  }

  async proofs(accountId: string): Promise<Proofs> {
    return proofsFromResults(await this.#db.batch([...proofStatements(this.#db, accountId)]));
  }

  addProof(accountId: string, proof: Proof): Promise<boolean> {
    return this.#isTaken([insertProofStatement(this.#db, accountId, proof)]);
  }

  removeProof(accountId: string, kind: Proof["kind"], id: string): Promise<boolean> {
    return this.#changes(removeProofStatement(this.#db, accountId, kind, id));
  }

  renamePasskey(accountId: string, passkeyId: string, sealedName: string): Promise<boolean> {
    return this.#changes(this.#db.prepare(RENAME_PASSKEY).bind(accountId, passkeyId, sealedName));
  }

  usePasskey(passkey: Passkey, signCount: number, now: number): Promise<boolean> {
    return this.#changes(this.#db.prepare(USE_PASSKEY).bind(passkey.id, passkey.signCount, signCount, now));
  }

  useIdentity(accountId: string, { id, providerId, sealedStatement, lastUsedAt }: Identity): Promise<boolean> {
    return this.#changes(this.#db.prepare(USE_IDENTITY).bind(accountId, id, providerId, sealedStatement, lastUsedAt));
  }

  async replaceRecoveryCodes(accountId: string, hashes: readonly string[], now: number): Promise<void> {
    await this.#db.batch([
      this.#db.prepare(DROP_RECOVERY_CODES).bind(accountId),
      this.#db.prepare(INSERT_RECOVERY_CODES).bind(accountId, JSON.stringify(hashes), now),
    ]);
  }

  async takeRecoveryCode(hash: string): Promise<Account | null> {
    const taken = await this.#db.prepare(TAKE_RECOVERY_CODE).bind(hash).first<{ account_id: string }>();
    return taken === null ? null : this.find(taken.account_id);
  }

  async #find(statement: string, key: string): Promise<Account | null> {
    const row = await this.#db.prepare(statement).bind(key).first<AccountRow>();
    return row === null ? null : accountFromRow(row);
  }

  async #changes(statement: D1PreparedStatement): Promise<boolean> {
    return (await statement.run()).meta.changes > 0;
  }

  /** @returns false when a proof among these is somebody's already, or one too many; then none of it happened. */
  async #isTaken(statements: readonly D1PreparedStatement[]): Promise<boolean> {
    try {
      const results = await this.#db.batch([...statements]);
      return (results.at(-1)?.meta.changes ?? 0) > 0;
    } catch (error) {
      if (isRefusedForGood(error)) return false;
      throw error;
    }
  }
}
