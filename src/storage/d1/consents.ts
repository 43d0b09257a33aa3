import type { ConnectedApp, ConsentingOwner, ConsentStore, CountedPage } from "../../operations/ports/consent.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { MAX_ADMINISTERED_OWNERS } from "../../shared/limits.ts";
import { isWidest } from "./administrators.ts";
import { pairCursor, parsePairCursor, toPage } from "./page.ts";

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

/** For whom an account acts now, each once. */
const ACTS = isWidest("?2");
const LIST_OWNERS = `
  SELECT administrators.owner_id, owners.kind, owners.name, connections.scopes, connections.generation
  FROM administrators JOIN owners ON owners.id = administrators.owner_id
  LEFT JOIN connections ON connections.owner_id = administrators.owner_id AND client_id = ?3 AND active = 1
  WHERE account_id = ?1 AND ${ACTS}
  ORDER BY owners.kind = 'person' DESC, owners.name LIMIT ${MAX_ADMINISTERED_OWNERS}`;
const LIST_APPS = `
  SELECT connections.owner_id, owners.kind, owners.name AS owner_name, client_id, clients.name AS client_name,
    client_uri, redirect_uris, connections.scopes, connected_at
  FROM administrators CROSS JOIN connections ON connections.owner_id = administrators.owner_id AND active = 1
  JOIN owners ON owners.id = connections.owner_id
  JOIN clients ON clients.id = client_id
  WHERE account_id = ?1 AND ${ACTS} AND administrators.owner_id >= ?3
    AND (connections.owner_id, client_id) > (?3, ?4)
  ORDER BY administrators.owner_id, client_id LIMIT ?5`;

const COUNT_APPS = `
  SELECT count(*) AS total
  FROM administrators CROSS JOIN connections ON connections.owner_id = administrators.owner_id AND active = 1
  JOIN clients ON clients.id = client_id
  WHERE account_id = ?1 AND ${ACTS}`;

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

  async listOwners(accountId: string, clientId: string, now: number): Promise<readonly ConsentingOwner[]> {
    const { results } = await this.#db.prepare(LIST_OWNERS).bind(accountId, now, clientId).all<OwnerRow>();
    return results.map((row) => ownerFromRow(row, clientId));
  }

  async listApps(
    accountId: string,
    cursor: string | null,
    limit: number,
    now: number,
  ): Promise<CountedPage<ConnectedApp>> {
    const [ownerId, clientId] = parsePairCursor(cursor);
    const [listed, counted] = await this.#db.batch([
      this.#db.prepare(LIST_APPS).bind(accountId, now, ownerId, clientId, limit + 1),
      this.#db.prepare(COUNT_APPS).bind(accountId, now),
    ]);
    const apps = ((listed?.results ?? []) as AppRow[]).map(appFromRow);
    const [count] = (counted?.results ?? []) as { total: number }[];
    const page = toPage(apps, limit, (app) => pairCursor(app.ownerId, app.clientId));
    return { ...page, total: count?.total ?? 0 };
  }
}
