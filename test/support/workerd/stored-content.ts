import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** Everything the server has stored, as one text: what somebody would read who got hold of it all. */
export async function storedContent(): Promise<string> {
  const { OWNER_LEDGER, KEY_RING, REPLAY_GUARD, FAILURE_COUNTER, REQUEST_LOG, EMAIL_CODE, PACER, WEBHOOK } = env;
  const objects = [OWNER_LEDGER, KEY_RING, REPLAY_GUARD, FAILURE_COUNTER, REQUEST_LOG, EMAIL_CODE, PACER, WEBHOOK];
  const namespaces = objects as unknown as DurableObjectNamespace[];
  const stored = await Promise.all(namespaces.map(contentOfObjects));
  const contents = [await contentOfDatabase(), ...stored.flat(), await contentOfKv()];
  return contents.join("\n");
}

const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";

/** How many rows of which tables of D1 hold this text in any column. */
export async function rowsThatName(text: string): Promise<Readonly<Record<string, number>>> {
  const { results } = await env.DB.prepare(TABLES).all<{ name: string }>();
  const found = results.map(async ({ name }) => {
    const { results: rows } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    return [name, rows.filter((row) => asText(row).includes(text)).length] as const;
  });
  return Object.fromEntries((await Promise.all(found)).filter(([, rows]) => rows > 0));
}

async function contentOfDatabase(): Promise<string> {
  const { results } = await env.DB.prepare(TABLES).all<{ name: string }>();
  const tables = await Promise.all(results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()));
  return asText(tables.map((table) => table.results));
}

async function contentOfObjects(namespace: DurableObjectNamespace): Promise<readonly string[]> {
  const ids = await listDurableObjectIds(namespace);
  return Promise.all(
    ids.map((id) => runInDurableObject(namespace.get(id), (_, state) => contentOfObject(state.storage))),
  );
}

async function contentOfObject(storage: DurableObjectStorage): Promise<string> {
  const names = storage.sql.exec<{ name: string }>(TABLES).toArray();
  const tables = names.map(({ name }) => storage.sql.exec(`SELECT * FROM "${name}"`).toArray());
  return asText([tables, [...(await storage.list())]]);
}

async function contentOfKv(): Promise<string> {
  const { keys } = await env.PUBLIC_DOCUMENTS.list();
  return asText(await Promise.all(keys.map(({ name }) => env.PUBLIC_DOCUMENTS.get(name))));
}

/** Bytes are shown as the text they may be. */
function asText(content: unknown): string {
  return JSON.stringify(content, (_, value) =>
    value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value,
  );
}
