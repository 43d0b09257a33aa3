import type {
  ConsentedPerson,
  IdentityConsent,
  IdentityConsentStore,
  ListedIdentityConsent,
} from "../../operations/ports/identity-consent.ts";
import type { IdentityScope } from "../../protocol/wire/identity.ts";
import { MAX_REMEMBERED_APPS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow } from "./accounts.ts";
import { type AddressRow, addressFromRow, type IdentityRow, identityFromRow } from "./proofs.ts";

export interface IdentityConsentRow {
  readonly id: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly scopes: string;
  readonly consented_at: number;
  readonly tokens_ended_at: number;
}

interface PersonRow extends AccountRow {
  readonly language: string | null;
}

/** INVARIANT: what is asked of nobody, or for nothing that is registered, leaves no row. */
const KEEP = `
  INSERT INTO identity_consents (id, account_id, client_id, scopes, consented_at)
  SELECT ?1, ?2, ?3, ?4, ?5
  WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?2) AND EXISTS (SELECT 1 FROM clients WHERE id = ?3)
  ON CONFLICT (account_id, client_id) DO UPDATE SET consented_at = excluded.consented_at, scopes = excluded.scopes
  RETURNING id`;
const FIND = "SELECT * FROM identity_consents WHERE id = ?1";
const ACCOUNT_ID = "(SELECT account_id FROM identity_consents WHERE id = ?1)";
const FIND_ACCOUNT = `SELECT * FROM accounts WHERE id = ${ACCOUNT_ID}`;
const LIST_ADDRESSES = `SELECT * FROM account_addresses WHERE account_id = ${ACCOUNT_ID}`;
const LIST_IDENTITIES = `SELECT * FROM identities WHERE account_id = ${ACCOUNT_ID}`;
const LIST = `
  SELECT *, (SELECT name FROM clients WHERE clients.id = client_id) AS client_name
  FROM identity_consents WHERE account_id = ?1 ORDER BY consented_at DESC, id LIMIT ${MAX_REMEMBERED_APPS}`;
const END_TOKENS = "UPDATE identity_consents SET tokens_ended_at = ?2 WHERE id = ?1";
const REMOVE = "DELETE FROM identity_consents WHERE account_id = ?1 AND client_id = ?2";
/** A slice, so that nobody waits behind a long statement. */
const REMOVE_CLIENT = `
  DELETE FROM identity_consents WHERE id IN (SELECT id FROM identity_consents WHERE client_id = ?1 LIMIT 5000)`;

export function identityConsentFromRow(row: IdentityConsentRow): IdentityConsent {
  return {
    id: row.id,
    accountId: row.account_id,
    clientId: row.client_id,
    scopes: JSON.parse(row.scopes) as IdentityScope[],
    consentedAt: row.consented_at,
  };
}

export class D1IdentityConsentStore implements IdentityConsentStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async keep({ id, accountId, clientId, scopes, consentedAt }: IdentityConsent): Promise<string | null> {
    const kept = this.#db.prepare(KEEP).bind(id, accountId, clientId, JSON.stringify(scopes), consentedAt);
    return (await kept.first<{ id: string }>())?.id ?? null;
  }

  async find(id: string): Promise<ConsentedPerson | null> {
    const statements = [FIND, FIND_ACCOUNT, LIST_ADDRESSES, LIST_IDENTITIES];
    const [consents, accounts, addresses, identities] = await this.#db.batch(
      statements.map((statement) => this.#db.prepare(statement).bind(id)),
    );
    const [consent] = (consents?.results ?? []) as IdentityConsentRow[];
    const [account] = (accounts?.results ?? []) as PersonRow[];
    if (consent === undefined || account === undefined) return null;
    return {
      consent: identityConsentFromRow(consent),
      tokensEndedAt: consent.tokens_ended_at,
      account: accountFromRow(account),
      language: account.language,
      addresses: ((addresses?.results ?? []) as AddressRow[])
        .map(addressFromRow)
        .toSorted((one, other) => one.verifiedAt - other.verifiedAt),
      identities: ((identities?.results ?? []) as IdentityRow[]).map(identityFromRow),
    };
  }

  async list(accountId: string): Promise<readonly ListedIdentityConsent[]> {
    const rows = this.#db.prepare(LIST).bind(accountId).all<IdentityConsentRow & { client_name: string | null }>();
    return (await rows).results.map((row) => ({ ...identityConsentFromRow(row), clientName: row.client_name }));
  }

  async endTokens(id: string, now: number): Promise<void> {
    await this.#db.prepare(END_TOKENS).bind(id, now).run();
  }

  async remove(accountId: string, clientId: string): Promise<boolean> {
    return (await this.#db.prepare(REMOVE).bind(accountId, clientId).run()).meta.changes > 0;
  }

  async removeClient(clientId: string): Promise<void> {
    const removal = this.#db.prepare(REMOVE_CLIENT).bind(clientId);
    while ((await removal.run()).meta.changes > 0);
  }
}
