import type { AccountAddress, Identity, Passkey, Proof } from "../../operations/ports/account.ts";
import { MAX_PROOFS_OF_A_KIND } from "../../shared/limits.ts";

export interface PasskeyRow {
  readonly id: string;
  readonly public_key: string;
  readonly sign_count: number;
  readonly transports: string;
  readonly sealed_name: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
}

export interface AddressRow {
  readonly address: string;
  readonly verified_at: number;
}

export interface IdentityRow {
  readonly id: string;
  readonly provider_id: string;
  readonly sealed_statement: string;
  readonly created_at: number;
  readonly last_used_at: number;
}

const TABLES = { passkey: "passkeys", address: "account_addresses", identity: "identities" } as const;
const KEYS = { passkey: "id", address: "address", identity: "id" } as const;

/** INVARIANT: looking how many there are and adding one is one statement. */
const INSERT_PASSKEY = `
  INSERT INTO passkeys (id, account_id, public_key, sign_count, transports, sealed_name, created_at, last_used_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL
  WHERE (SELECT count(*) FROM passkeys WHERE account_id = ?2) < ${MAX_PROOFS_OF_A_KIND}`;
const INSERT_ADDRESS = `
  INSERT INTO account_addresses (address, account_id, verified_at) SELECT ?1, ?2, ?3
  WHERE (SELECT count(*) FROM account_addresses WHERE account_id = ?2) < ${MAX_PROOFS_OF_A_KIND}`;
const INSERT_IDENTITY = `
  INSERT INTO identities (id, account_id, provider_id, sealed_statement, created_at, last_used_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6
  WHERE (SELECT count(*) FROM identities WHERE account_id = ?2) < ${MAX_PROOFS_OF_A_KIND}`;
/** How many ways in an account has. */
const WAYS_IN = `(
    (SELECT count(*) FROM passkeys WHERE account_id = ?1) +
    (SELECT count(*) FROM account_addresses WHERE account_id = ?1) +
    (SELECT count(*) FROM identities WHERE account_id = ?1))`;

export function passkeyFromRow(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    publicKey: row.public_key,
    signCount: row.sign_count,
    transports: JSON.parse(row.transports),
    sealedName: row.sealed_name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

export function addressFromRow(row: AddressRow): AccountAddress {
  return { address: row.address, verifiedAt: row.verified_at };
}

export function identityFromRow(row: IdentityRow): Identity {
  return {
    id: row.id,
    providerId: row.provider_id,
    sealedStatement: row.sealed_statement,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

/** Adds a way in, unless it is somebody's (which fails) or the account has enough of its kind (which changes nothing). */
export function insertProofStatement(db: D1Database, accountId: string, proof: Proof): D1PreparedStatement {
  switch (proof.kind) {
    case "passkey": {
      const { id, publicKey, signCount, transports, sealedName, createdAt } = proof.passkey;
      const columns = [publicKey, signCount, JSON.stringify(transports), sealedName, createdAt];
      return db.prepare(INSERT_PASSKEY).bind(id, accountId, ...columns);
    }
    case "address":
      return db.prepare(INSERT_ADDRESS).bind(proof.address.address, accountId, proof.address.verifiedAt);
    case "identity": {
      const { id, providerId, sealedStatement, createdAt, lastUsedAt } = proof.identity;
      return db.prepare(INSERT_IDENTITY).bind(id, accountId, providerId, sealedStatement, createdAt, lastUsedAt);
    }
  }
}

/** INVARIANT: counting the ways in and removing one is one statement, so the last of them stays. */
export function removeProofStatement(
  db: D1Database,
  accountId: string,
  kind: Proof["kind"],
  id: string,
): D1PreparedStatement {
  const remove = `DELETE FROM ${TABLES[kind]} WHERE ${KEYS[kind]} = ?2 AND account_id = ?1 AND ${WAYS_IN} > 1`;
  return db.prepare(remove).bind(accountId, id);
}
