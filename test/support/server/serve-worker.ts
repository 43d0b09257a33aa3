/**
 * A process of its own around one built Worker: Miniflare, and under it the real workerd with D1, KV and Durable
 * Objects on disk. start-server.ts forks it, and may kill both at any moment: that is the point of soak/kill.ts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";

/** What start-server.ts asks for: all paths absolute. */
export interface ServeOrder {
  readonly config: string;
  readonly bundle: string;
  readonly state: string;
  readonly port: number;
  readonly bindings: Record<string, string>;
  /** Null where the database is already as it should be. */
  readonly migrations: string | null;
}

export type ServeReport = { readonly kind: "ready" } | { readonly kind: "done"; readonly error: string | null };

function createMiniflare({ config, bundle, state, port, bindings }: ServeOrder): Miniflare {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
  return new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      bindings: Object.assign({}, workerOptions.bindings, bindings),
      rootPath: dirname(bundle),
      modules: [{ type: "ESModule", path: bundle }],
      // Straight to the Worker: Miniflare's own entry, another Worker in front, costs more than most of our routes.
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: state,
      log: new Log(LogLevel.ERROR),
    }),
  );
}

async function runSql(miniflare: Miniflare, sql: string): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  for (const statement of unstable_splitSqlQuery(sql)) await database.prepare(statement).run();
}

async function migrate(miniflare: Miniflare, folder: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const file of files.sort()) await runSql(miniflare, readFileSync(join(folder, file), "utf8"));
}

function report(message: ServeReport): void {
  process.send?.(message);
}

// Whoever started us may have been killed too; then nobody else will end this group.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
const order: ServeOrder = JSON.parse(process.argv[2] ?? "{}");
const miniflare = createMiniflare(order);
await miniflare.ready;
if (order.migrations !== null) await migrate(miniflare, order.migrations);
process.on("message", (sql: string) => {
  runSql(miniflare, sql).then(
    () => report({ kind: "done", error: null }),
    (error: Error) => report({ kind: "done", error: error.message }),
  );
});
report({ kind: "ready" });
