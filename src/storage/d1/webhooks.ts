import type { Page } from "../../operations/ports/page.ts";
import type { WebhookStore } from "../../operations/ports/webhook.ts";
import type { WebhookEndpoint, WebhookType } from "../../protocol/webhook.ts";
import { MAX_WEBHOOKS_OF_CLIENT, MAX_WEBHOOKS_OF_OPERATOR } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { Leased } from "./leased.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface WebhookEndpointRow {
  readonly id: string;
  readonly client_id: string | null;
  readonly url: string;
  readonly events: string;
  readonly sealed_secret: string;
  readonly created_at: number;
  readonly version: number;
}

const FIND = "SELECT * FROM webhook_endpoints WHERE id = ?1";
const LIST = "SELECT * FROM webhook_endpoints WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
const LIST_FOR = `
  SELECT * FROM webhook_endpoints WHERE client_id IS NULL
  UNION ALL
  SELECT * FROM webhook_endpoints WHERE client_id IN (SELECT value FROM json_each(?1))`;
const IS_WANTED = `
  SELECT 1 AS wanted FROM webhook_endpoints WHERE EXISTS (SELECT 1 FROM json_each(events) WHERE value = ?1) LIMIT 1`;
/** How long an isolate remembers whether something is wanted: a ledger asks whenever something changed. */
const WANTED_SECONDS = 60;
const INSERT = `
  INSERT INTO webhook_endpoints (id, client_id, url, events, sealed_secret, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5, unixepoch()
  WHERE (SELECT count(*) FROM webhook_endpoints WHERE client_id IS ?2) < ?6
    AND (?2 IS NULL OR EXISTS (SELECT 1 FROM clients WHERE id = ?2))`;
const FIND_CLIENT = "SELECT 1 AS found FROM clients WHERE id = ?1";
const REPLACE = `
  UPDATE webhook_endpoints SET url = ?2, events = ?3, sealed_secret = ?4, version = version + 1
  WHERE id = ?1 AND version = ?5`;
const REMOVE = "DELETE FROM webhook_endpoints WHERE id = ?1 AND (?2 IS NULL OR version = ?2)";

function fromRow(row: WebhookEndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    clientId: row.client_id,
    url: row.url,
    types: JSON.parse(row.events) as WebhookType[],
    sealedSecret: row.sealed_secret,
  };
}

export class D1WebhookStore implements WebhookStore {
  readonly #db: D1Database;
  readonly #wanted = new Leased<boolean>({ seconds: WANTED_SECONDS });

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(id: string): Promise<Versioned<WebhookEndpoint> | null> {
    const row = await this.#db.prepare(FIND).bind(id).first<WebhookEndpointRow>();
    return row === null ? null : { value: fromRow(row), version: row.version };
  }

  async list(cursor: string | null, limit: number): Promise<Page<WebhookEndpoint>> {
    const { createdAt, id } = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(createdAt, id, limit + 1)
      .all<WebhookEndpointRow>();
    const { items, next } = toPage(results, limit, (row) => ageCursor({ createdAt: row.created_at, id: row.id }));
    return { items: items.map(fromRow), next };
  }

  async listFor(clientIds: readonly string[]): Promise<readonly WebhookEndpoint[]> {
    const { results } = await this.#db.prepare(LIST_FOR).bind(JSON.stringify(clientIds)).all<WebhookEndpointRow>();
    return results.map(fromRow);
  }

  async isWanted(type: WebhookType): Promise<boolean> {
    const read = async () => (await this.#db.prepare(IS_WANTED).bind(type).first()) !== null;
    return (await this.#wanted.find(type, read)) ?? false;
  }

  async insert({ id, clientId, url, types, sealedSecret }: WebhookEndpoint): Promise<"done" | "full" | "no_client"> {
    const most = clientId === null ? MAX_WEBHOOKS_OF_OPERATOR : MAX_WEBHOOKS_OF_CLIENT;
    const values = [id, clientId, url, JSON.stringify(types), sealedSecret, most];
    const { meta } = await this.#db
      .prepare(INSERT)
      .bind(...values)
      .run();
    for (const type of types) this.#wanted.forget(type);
    if (meta.changes > 0) return "done";
    return clientId === null || (await this.#isClient(clientId)) ? "full" : "no_client";
  }

  async replace({ id, url, types, sealedSecret }: WebhookEndpoint, version: number): Promise<boolean> {
    const values = [id, url, JSON.stringify(types), sealedSecret, version];
    const { meta } = await this.#db
      .prepare(REPLACE)
      .bind(...values)
      .run();
    for (const type of types) this.#wanted.forget(type);
    return meta.changes > 0;
  }

  async remove(id: string, version: number | null): Promise<boolean> {
    return (await this.#db.prepare(REMOVE).bind(id, version).run()).meta.changes > 0;
  }

  async #isClient(clientId: string): Promise<boolean> {
    return (await this.#db.prepare(FIND_CLIENT).bind(clientId).first()) !== null;
  }
}
