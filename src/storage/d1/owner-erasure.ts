import type { ErasedOwner, OwnerErasure } from "../../ledger/record.ts";

/**
 * What is known of a person. INVARIANT: the key goes in the same transaction as what it sealed, so that nothing is ever
 * without it; and the account goes last, because the others refer to it.
 */
const OF_ACCOUNT = [
  "DELETE FROM sessions WHERE account_id = ?1",
  "DELETE FROM passkeys WHERE account_id = ?1",
  "DELETE FROM account_addresses WHERE account_id = ?1",
  "DELETE FROM identities WHERE account_id = ?1",
  "DELETE FROM recovery_codes WHERE account_id = ?1",
  "DELETE FROM pcts WHERE account_id = ?1",
  "DELETE FROM identity_consents WHERE account_id = ?1",
  "DELETE FROM invitations WHERE invited_by = ?1",
  "DELETE FROM console_visits WHERE account_id = ?1",
  "DELETE FROM administrators WHERE account_id = ?1",
  "DELETE FROM accounts WHERE id = ?1",
];
/** Whoever acts for the owner. Without connections nothing is registered, and nothing in D1 is read, for them. */
const OF_OWNER = [
  `DELETE FROM console_visits
    WHERE owner_id = ?1 AND account_id IN (SELECT account_id FROM administrators WHERE owner_id = ?1)`,
  "DELETE FROM invitations WHERE owner_id = ?1",
  "DELETE FROM console_visits WHERE owner_id = ?1",
  "DELETE FROM administrators WHERE owner_id = ?1",
  "DELETE FROM connections WHERE owner_id = ?1",
];
/** Nobody may have noted it: a ledger goes on by itself, also over a record that was brought back. */
const NOTE_CLOSED = `
  INSERT INTO deletions (owner_id, by_operator, requested_at, closed_at) VALUES (?1, 1, ?2, ?2)
  ON CONFLICT (owner_id) DO UPDATE SET closed_at = coalesce(closed_at, excluded.closed_at)`;

/** Slices, so that nobody waits behind a long statement. With a policy goes what it is about. */
const SLICES = [
  "DELETE FROM resources WHERE id IN (SELECT id FROM resources WHERE owner_id = ?1 LIMIT 5000)",
  "DELETE FROM policies WHERE id IN (SELECT id FROM policies WHERE owner_id = ?1 LIMIT 500)",
  "DELETE FROM owner_groups WHERE id IN (SELECT id FROM owner_groups WHERE owner_id = ?1 LIMIT 500)",
  `DELETE FROM revoked_tokens WHERE (owner_id, token_id) IN (
    SELECT owner_id, token_id FROM revoked_tokens WHERE owner_id = ?1 LIMIT 5000)`,
];
const HAS_MORE = `
  SELECT EXISTS (SELECT 1 FROM resources WHERE owner_id = ?1) OR EXISTS (SELECT 1 FROM policies WHERE owner_id = ?1)
    OR EXISTS (SELECT 1 FROM owner_groups WHERE owner_id = ?1)
    OR EXISTS (SELECT 1 FROM revoked_tokens WHERE owner_id = ?1) AS more`;
/** INVARIANT: what came late, after the last slice, refers to the owner, so this fails, and the next slice takes it. */
const LAST = [
  "DELETE FROM resource_usage WHERE owner_id = ?1",
  "DELETE FROM policy_usage WHERE owner_id = ?1",
  "DELETE FROM owner_epochs WHERE owner_id = ?1",
  "DELETE FROM owners WHERE id = ?1",
];
const NOTE_ERASED = "UPDATE deletions SET erased_at = ?2 WHERE owner_id = ?1";

/** D1 as it lets go of an owner. */
export class D1OwnerErasure implements OwnerErasure {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async detach({ ownerId, accountId, closedAt }: ErasedOwner): Promise<void> {
    await this.#db.batch([
      ...(accountId === null ? [] : this.#bindAll(OF_ACCOUNT, accountId)),
      ...this.#bindAll(OF_OWNER, ownerId),
      this.#db.prepare(NOTE_CLOSED).bind(ownerId, closedAt),
    ]);
  }

  async eraseSlice({ ownerId }: ErasedOwner, now: number): Promise<boolean> {
    const results = await this.#db.batch<{ more: number }>([
      ...this.#bindAll(SLICES, ownerId),
      this.#db.prepare(HAS_MORE).bind(ownerId),
    ]);
    if (results.at(-1)?.results[0]?.more === 1) return true;
    await this.#db.batch([...this.#bindAll(LAST, ownerId), this.#db.prepare(NOTE_ERASED).bind(ownerId, now)]);
    return false;
  }

  #bindAll(statements: readonly string[], id: string): readonly D1PreparedStatement[] {
    return statements.map((statement) => this.#db.prepare(statement).bind(id));
  }
}
