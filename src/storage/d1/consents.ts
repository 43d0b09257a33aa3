import type {
  ConnectedApp,
  ConnectedApps,
  Consenter,
  ConsentingOwner,
  ConsentStore,
} from "../../operations/ports/consent.ts";
import type { AddressedPerson } from "../../operations/ports/session.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { MAX_ADMINISTERED_OWNERS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow } from "./accounts.ts";
import { isWidest } from "./administrators.ts";
import { pairCursor, parsePairCursor, toPage } from "./page.ts";
import { type AddressRow, addressFromRow } from "./proofs.ts";
import { type SessionRow, sessionFromRow } from "./sessions.ts";

interface OwnerRow {
  readonly owner_id: string;
  readonly kind: string;
  readonly name: string;
  readonly scopes: string | null;
  readonly generation: number | null;
}

interface AppRow {
  readonly owner_id: string;
  readonly kind: string;
  readonly owner_name: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly client_uri: string | null;
  readonly redirect_uris: string;
  readonly scopes: string;
  readonly connected_at: number | null;
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
const LIST_APPS = `
  SELECT connections.owner_id, owners.kind, owners.name AS owner_name, client_id, clients.name AS client_name,
    client_uri, redirect_uris, connections.scopes, connected_at
  FROM administrators CROSS JOIN connections ON connections.owner_id = administrators.owner_id AND active = 1
  JOIN owners ON owners.id = connections.owner_id
  JOIN clients ON clients.id = client_id
  WHERE account_id = ${ACCOUNT_ID} AND ${isWidest("?2")} AND administrators.owner_id >= ?3
    AND (connections.owner_id, client_id) > (?3, ?4)
  ORDER BY administrators.owner_id, client_id LIMIT ?5`;
const COUNT_APPS = `
  SELECT count(*) AS total
  FROM administrators CROSS JOIN connections ON connections.owner_id = administrators.owner_id AND active = 1
  JOIN clients ON clients.id = client_id
  WHERE account_id = ${ACCOUNT_ID} AND ${isWidest("?2")}`;

function ownerFromRow(row: OwnerRow, clientId: string): ConsentingOwner {
  const { owner_id: ownerId, kind, name, scopes, generation } = row;
  const stands = scopes !== null && generation !== null;
  const connection = stands ? { ownerId, clientId, scopes: JSON.parse(scopes) as ConnectionScope[], generation } : null;
  return { ownerId, name: kind === "person" ? null : name, connection };
}

function appFromRow(row: AppRow): ConnectedApp {
  return {
    ownerId: row.owner_id,
    ownerName: row.kind === "person" ? null : row.owner_name,
    clientId: row.client_id,
    clientName: row.client_name,
    clientUri: row.client_uri,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    scopes: JSON.parse(row.scopes) as ConnectionScope[],
    since: row.connected_at,
  };
}

export class D1ConsentStore implements ConsentStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async findConsenter(sessionHash: string, clientId: string, now: number): Promise<Consenter | null> {
    const [owners, ...who] = await this.#db.batch([
      this.#db.prepare(LIST_OWNERS).bind(sessionHash, now, clientId),
      ...this.#whoIs(sessionHash, now),
    ]);
    const person = personFromResults(who);
    const rows = (owners?.results ?? []) as OwnerRow[];
    return person && { ...person, owners: rows.map((row) => ownerFromRow(row, clientId)) };
  }

  async findApps(
    sessionHash: string,
    cursor: string | null,
    limit: number,
    now: number,
  ): Promise<ConnectedApps | null> {
    const [ownerId, clientId] = parsePairCursor(cursor);
    const [apps, count, ...who] = await this.#db.batch([
      this.#db.prepare(LIST_APPS).bind(sessionHash, now, ownerId, clientId, limit + 1),
      this.#db.prepare(COUNT_APPS).bind(sessionHash, now),
      ...this.#whoIs(sessionHash, now),
    ]);
    const person = personFromResults(who);
    if (person === null) return null;
    const read = ((apps?.results ?? []) as AppRow[]).map(appFromRow);
    const page = toPage(read, limit, (app) => pairCursor(app.ownerId, app.clientId));
    return { ...person, ...page, total: ((count?.results ?? []) as { total: number }[])[0]?.total ?? 0 };
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
