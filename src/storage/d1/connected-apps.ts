import type { ConnectedApp, ConnectedAppStore, ConnectedApps } from "../../operations/ports/connected-app.ts";
import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { readDetails } from "./clients.ts";
import { parseIdCursor, toPage } from "./page.ts";
import { queryAs } from "./under-connection.ts";

interface AppRow {
  readonly client_id: string;
  readonly name: string;
  readonly client_uri: string | null;
  readonly details: string;
  readonly redirect_uris: string;
  readonly scopes: string;
  readonly connected_at: number | null;
  readonly resources: number | null;
  readonly total: number;
}

/** The count comes with each row, so that one statement tells both. */
const LIST = `
  SELECT client_id, clients.name, client_uri, details, redirect_uris, connections.scopes, connected_at,
    (SELECT resources FROM resource_usage WHERE owner_id = ?1 AND resource_server_id = client_id) AS resources,
    (SELECT count(*) FROM connections AS every JOIN clients ON clients.id = every.client_id
      WHERE every.owner_id = ?1 AND every.active = 1) AS total
  FROM connections JOIN clients ON clients.id = client_id
  WHERE connections.owner_id = ?1 AND active = 1 AND client_id > ?2 ORDER BY client_id LIMIT ?3`;

function fromRow(row: AppRow): ConnectedApp {
  const { localizedNames, provenance } = readDetails(row.details);
  return {
    clientId: row.client_id,
    name: row.name,
    clientUri: row.client_uri,
    localizedNames,
    provenance,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    scopes: JSON.parse(row.scopes) as ConnectionScope[],
    since: row.connected_at,
    resources: row.resources ?? 0,
  };
}

export class D1ConnectedAppStore implements ConnectedAppStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(actor: Actor, cursor: string | null, limit: number): Promise<UnderConnection<ConnectedApps>> {
    const statement = this.#db.prepare(LIST).bind(actor.ownerId, parseIdCursor(cursor), limit + 1);
    const read = await queryAs<AppRow>(this.#db, actor, statement);
    if (read === null) return { standing: false };
    const page = toPage(read.rows.map(fromRow), limit, ({ clientId }) => clientId);
    return { standing: true, value: { ...page, total: read.rows[0]?.total ?? 0 } };
  }
}
