import type { Consenter, ConsentingOwner, ConsentStore } from "../../operations/ports/consent.ts";
import type { AddressedPerson } from "../../operations/ports/session.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { MAX_ADMINISTERED_OWNERS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow } from "./accounts.ts";
import { isWidest } from "./administrators.ts";
import { type IdentityConsentRow, identityConsentFromRow } from "./identity-consents.ts";
import { type AddressRow, addressFromRow } from "./proofs.ts";
import { type SessionRow, sessionFromRow } from "./sessions.ts";

interface OwnerRow {
  readonly owner_id: string;
  readonly kind: string;
  readonly name: string;
  readonly scopes: string | null;
  readonly generation: number | null;
}

/** Whose session it is: every statement finds that out by itself, so that all go in one batch. */
const ACCOUNT_ID = "(SELECT account_id FROM sessions WHERE hash = ?1 AND expires_at > ?2)";
const FIND_SESSION = "SELECT * FROM sessions WHERE hash = ?1 AND expires_at > ?2";
const FIND_ACCOUNT = `SELECT * FROM accounts WHERE id = ${ACCOUNT_ID}`;
const LIST_ADDRESSES = `SELECT * FROM account_addresses WHERE account_id = ${ACCOUNT_ID}`;
const LIST_OWNERS = `
  SELECT administrators.owner_id, owners.kind, owners.name, connections.scopes, connections.generation
  FROM administrators JOIN owners ON owners.id = administrators.owner_id
  LEFT JOIN connections ON connections.owner_id = administrators.owner_id AND client_id = ?3 AND active = 1
  WHERE account_id = ${ACCOUNT_ID} AND ${isWidest("?2")}
  ORDER BY owners.kind = 'person' DESC, owners.name LIMIT ${MAX_ADMINISTERED_OWNERS}`;

const FIND_IDENTITY_CONSENT = `SELECT * FROM identity_consents WHERE account_id = ${ACCOUNT_ID} AND client_id = ?3`;

function ownerFromRow(row: OwnerRow, clientId: string): ConsentingOwner {
  const { owner_id: ownerId, kind, name, scopes, generation } = row;
  const stands = scopes !== null && generation !== null;
  const connection = stands ? { ownerId, clientId, scopes: JSON.parse(scopes) as ConnectionScope[], generation } : null;
  return { ownerId, name: kind === "person" ? null : name, connection };
}

export class D1ConsentStore implements ConsentStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async findConsenter(sessionHash: string, clientId: string, now: number): Promise<Consenter | null> {
    const [owners, consents, ...who] = await this.#db.batch([
      this.#db.prepare(LIST_OWNERS).bind(sessionHash, now, clientId),
      this.#db.prepare(FIND_IDENTITY_CONSENT).bind(sessionHash, now, clientId),
      ...this.#whoIs(sessionHash, now),
    ]);
    const person = personFromResults(who);
    const rows = (owners?.results ?? []) as OwnerRow[];
    const [consent] = (consents?.results ?? []) as IdentityConsentRow[];
    const identityConsent = consent === undefined ? null : identityConsentFromRow(consent);
    return person && { ...person, owners: rows.map((row) => ownerFromRow(row, clientId)), identityConsent };
  }

  #whoIs(sessionHash: string, now: number): readonly D1PreparedStatement[] {
    const statements = [FIND_SESSION, FIND_ACCOUNT, LIST_ADDRESSES];
    return statements.map((statement) => this.#db.prepare(statement).bind(sessionHash, now));
  }
}

/** @param results of the statements of `#whoIs` */
function personFromResults([sessions, accounts, addresses]: readonly D1Result[]): AddressedPerson | null {
  const [session] = (sessions?.results ?? []) as SessionRow[];
  const [account] = (accounts?.results ?? []) as AccountRow[];
  if (session === undefined || account === undefined) return null;
  return {
    session: sessionFromRow(session),
    account: accountFromRow(account),
    addresses: ((addresses?.results ?? []) as AddressRow[]).map(addressFromRow),
  };
}
