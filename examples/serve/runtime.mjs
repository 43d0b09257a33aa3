/**
 * A process of its own around one built Worker: Miniflare, and under it the real workerd with D1, KV and Durable Objects
 * on disk. launch.mjs forks it, tells it by messages what to do, and may be killed with it at any moment.
 *
 * @typedef {object} Order All paths absolute.
 * @property {string} config the Worker's wrangler.toml
 * @property {string} bundle the built module
 * @property {boolean} front whether front.js stands before it
 * @property {string} state where everything is kept, as `wrangler dev --persist-to` would
 * @property {string} host
 * @property {number} port
 * @property {number} [inspectorPort] where the runtime can be looked into; nowhere unless it is given
 * @property {Record<string, string>} bindings its variables and secrets
 * @property {string | null} migrations null where the database is already as it should be
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig, unstable_splitSqlQuery } from "wrangler";
import { textModulesOf } from "./build.mjs";
import { migrate } from "./migrate.mjs";

/** @type {Miniflare} */
let miniflare;

/** What may be asked of this process; each answers once, with what it returns. */
const TASKS = {
  /** @param {Order} order */
  async start(order) {
    // First, or who asks early would be refused by a server without its tables.
    if (order.migrations !== null) await migrate(order);
    miniflare = new Miniflare(optionsOf(order));
    await miniflare.ready;
  },

  /** Asks the Worker past its socket. @param {string} url */
  async get(url) {
    const response = await miniflare.dispatchFetch(url);
    return { status: response.status, body: await response.text() };
  },

  /** The cron trigger. */
  async scheduled() {
    await (await miniflare.getWorker()).scheduled();
  },

  /** Runs SQL in D1, past the Worker. @param {string} text */
  async sql(text) {
    const database = await miniflare.getD1Database("DB");
    for (const statement of unstable_splitSqlQuery(text)) await database.prepare(statement).run();
  },

  async stop() {
    await miniflare.dispose();
  },
};

/** @param {Order} order */
function optionsOf({ config, bundle, front, state, host, port, inspectorPort, bindings }) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
  return convertV4MiniflareOptions({
    ...workerOptions,
    // The Durable Objects are kept under it.
    name: unstable_readConfig({ config }).name,
    // Not what wrangler would add of .dev.vars or .env: whoever starts this says what counts.
    bindings,
    // Miniflare's writes letters to files and says that they were sent; so there is none, and nobody is promised a code.
    email: undefined,
    rootPath: dirname(bundle),
    modules: [
      ...(front ? [frontOf(bundle)] : []),
      { type: "ESModule", path: bundle },
      ...textModulesOf(bundle).map((path) => ({ type: "Text", path })),
    ],
    // Straight to the Worker: Miniflare's own entry, another Worker in front, costs more than most of our routes.
    unsafeDirectSockets: [{ host, port }],
    host: "127.0.0.1",
    port: 0,
    inspectorPort,
    resourcePersistencePath: join(state, "v3"),
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: writeLog,
  });
}

function frontOf(bundle) {
  const contents = readFileSync(join(import.meta.dirname, "front.js"), "utf8");
  return { type: "ESModule", path: join(dirname(bundle), "front.js"), contents };
}

/** A line of JSON for each thing logged; whatever is wrong goes to stderr. */
function writeLog({ timestamp, level, message }) {
  const line = JSON.stringify({ time: new Date(timestamp).toISOString(), level, ...readMessage(message) });
  (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${line}\n`);
}

function readMessage(message) {
  try {
    const said = JSON.parse(message);
    if (typeof said === "object" && said !== null) return said;
  } catch {
    // A text, then.
  }
  return { message };
}

// Whoever started us may have been killed; then nobody else will end this group, which workerd is in.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

process.on("message", ([task, argument]) => {
  TASKS[task](argument).then(
    (value) => process.send?.({ value }),
    (error) => process.send?.({ error: error.message }),
  );
});
