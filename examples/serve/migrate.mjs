import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_splitSqlQuery } from "wrangler";

/** As wrangler keeps it, so that either can go on where the other left. */
const MADE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Applies the migrations that a database does not have yet, each whole or not at all.
 * @param {import("@cloudflare/workers-types").D1Database} database
 * @param {string} folder
 * @throws Error where the database has been under a newer version, which this one cannot know
 */
export async function migrate(database, folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  await database.prepare(MADE_TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = results.map(({ name }) => name);
  const unknown = applied.find((name) => !files.includes(name));
  if (unknown) throw new Error(`the state was made by a newer version of Usher: it has ${unknown}, which is not here`);
  for (const file of files.filter((name) => !applied.includes(name)).sort()) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, file), "utf8"));
    const noted = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file);
    await database.batch([...statements.map((statement) => database.prepare(statement)), noted]);
  }
}
