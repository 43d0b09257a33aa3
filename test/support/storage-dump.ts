import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

type Row = Readonly<Record<string, unknown>>;

const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";
const NAMESPACES = [env.OWNER_LEDGER, env.KEY_RING, env.REPLAY_GUARD] as unknown as DurableObjectNamespace[];

/** Everything that is at rest, as a thief of the whole storage would read it: D1, every Durable Object, and KV. */
export async function dumpStorage(): Promise<string> {
  const rooms = await Promise.all([dumpDatabase(), ...NAMESPACES.map(dumpObjects), dumpKv()]);
  return rooms.flat().join("\n");
}

async function dumpDatabase(): Promise<readonly string[]> {
  const { results: tables } = await env.DB.prepare(TABLES).all<{ name: string }>();
  const read = tables.map(async ({ name }) => (await env.DB.prepare(`SELECT * FROM "${name}"`).all<Row>()).results);
  return (await Promise.all(read)).flat().map(printRow);
}

async function dumpObjects(namespace: DurableObjectNamespace): Promise<readonly string[]> {
  const ids = await listDurableObjectIds(namespace);
  const dumps = ids.map((id) => runInDurableObject(namespace.get(id), (_, state) => dumpSql(state.storage.sql)));
  return (await Promise.all(dumps)).flat();
}

function dumpSql(sql: SqlStorage): readonly string[] {
  const tables = sql.exec<{ name: string }>(TABLES).toArray();
  return tables.flatMap(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray().map(printRow));
}

async function dumpKv(): Promise<readonly string[]> {
  const { keys } = await env.PUBLIC_DOCUMENTS.list();
  return Promise.all(keys.map(async ({ name }) => `${name} ${await env.PUBLIC_DOCUMENTS.get(name)}`));
}

/** Bytes are read as text too, so that what lies there in the clear is found. */
function printRow(row: Row): string {
  const cells = Object.values(row).map((cell) => (cell instanceof ArrayBuffer ? new TextDecoder().decode(cell) : cell));
  return cells.join(" ");
}
