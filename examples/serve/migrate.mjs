import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** As wrangler keeps it, so that either can go on where the other left. */
const MADE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Brings the database of a state up to date, while nobody else has it.
 * @param {{ config: string, state: string, migrations: string }} place a Worker's wrangler.toml, where its state is kept, and
 *   the folder of its migrations
 * @throws Error where the state has been under a newer version, which this one cannot know
 */
export async function migrate({ config, state, migrations }) {
  // Late, as they take a second to load: what is wrong is said before.
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } = await import("wrangler");
  const { d1Databases } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const worker = { modules: true, script: "export default {}", d1Databases };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ ...worker, resourcePersistencePath: join(state, "v3") }));
  try {
    await applyMigrations(await miniflare.getD1Database("DB"), migrations, unstable_splitSqlQuery);
  } finally {
    await miniflare.dispose();
  }
}

/**
 * Applies the migrations that a database does not have yet, each whole or not at all.
 * @param {import("@cloudflare/workers-types").D1Database} database
 * @param {string} folder
 * @param {(sql: string) => string[]} split a file into its statements
 */
async function applyMigrations(database, folder, split) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  await database.prepare(MADE_TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = results.map(({ name }) => name);
  const unknown = applied.find((name) => !files.includes(name));
  if (unknown) throw new Error(`the state was made by a newer version of Usher: it has ${unknown}, which is not here`);
  for (const file of files.filter((name) => !applied.includes(name)).sort()) {
    const statements = split(readFileSync(join(folder, file), "utf8"));
    const noted = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file);
    await database.batch([...statements.map((statement) => database.prepare(statement)), noted]);
  }
}
