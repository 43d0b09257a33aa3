/**
 * The built Worker as a server on loopback that can be killed and started again on the same state. `wrangler dev` and
 * its harness put a proxy and a request log in front of every request, which caps them at a few hundred requests a
 * second; this is workerd itself.
 */
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "../../../examples/serve/build.mjs";
import { Runtime } from "../../../examples/serve/launch.mjs";

const TICKS_PER_SECOND = 100;

export const ADMIN_SECRET = "load-test-admin-secret-0123456789abcdef";

/** A Worker and what it is served with. */
export interface ServerPlan {
  readonly config: string;
  readonly migrations: string | null;
  readonly bindings: Record<string, string>;
  /** What it is called on loopback, where its address alone will not do. */
  readonly hostName?: "localhost";
  /** Reads each line of its log, what is wrong among it; unless somebody does, only that is shown. */
  readonly onLogLine?: (line: string) => void;
  /** Whether its runtime can be looked into (Server.inspector); it is a little slower then. */
  readonly inspected?: true;
}

/** Usher itself, as a deployment would build it. */
export const USHER: ServerPlan = {
  config: "wrangler.toml",
  migrations: "migrations",
  bindings: { ADMIN_SECRET, KEY_ENCRYPTION_KEY: "bG9hZC10ZXN0LWtleS1lbmNyeXB0aW9uLWtleS0wMTIzNDU2Nzg5" },
};

export interface Server {
  /** Also the issuer identifier. */
  readonly origin: string;
  /** The file that was built; its source map lies beside it. */
  readonly bundle: string;
  /** The folder that everything is kept in, D1 and Durable Objects alike. */
  readonly state: string;
  /** The origin of the runtime's inspector; null where the plan asks for none. */
  readonly inspector: string | null;
  /** kill -9 of everything at once: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** Starts again after a kill, on the same state and the same port. */
  start(): Promise<void>;
  /** User and system time of the workerd processes so far, in seconds; null where /proc is not there to ask. */
  cpuSeconds(): number | null;
  /** Runs SQL in D1, past the Worker: for seeding only. */
  sql(text: string): Promise<void>;
  /** Kills, and removes bundle and state. */
  dispose(): Promise<void>;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** proc(5): field 4 is the parent, 14 and 15 are user and system time; the name in brackets may hold spaces. */
function cpuSecondsOfWorkerd(parent: number): number | null {
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const stats = pids.map(readStat).filter((stat) => stat !== null);
    const ours = stats.filter(({ name, parentId }) => name === "workerd" && parentId === parent);
    return ours.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

function readStat(pid: string): { name: string; parentId: number; ticks: number } | null {
  try {
    const [, name = "", rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").match(/\((.*)\) (.*)/s) ?? [];
    const fields = rest.split(" ").map(Number);
    return { name, parentId: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) };
  } catch {
    return null;
  }
}

/** @returns a server that answers; the caller must `dispose` it. */
export async function startServer(plan: ServerPlan): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "usher-serve-"));
  const bundle = await build(resolve(plan.config), join(folder, "bundle"));
  const port = await freePort();
  const origin = `http://${plan.hostName ?? "127.0.0.1"}:${port}`;
  const inspectorPort = plan.inspected === true ? await freePort() : null;
  const order = {
    config: resolve(plan.config),
    bundle,
    front: false,
    state: join(folder, "state"),
    host: "127.0.0.1",
    port,
    ...(inspectorPort === null ? {} : { inspectorPort }),
    bindings: { ...plan.bindings, ISSUER: origin },
    migrations: plan.migrations === null ? null : resolve(plan.migrations),
  };
  let runtime = await launch(order, plan.onLogLine);
  const endNow = () => {
    runtime.killNow();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", endNow);
  return {
    origin,
    bundle,
    state: order.state,
    inspector: inspectorPort === null ? null : `http://127.0.0.1:${inspectorPort}`,
    kill: () => runtime.kill(),
    start: async () => {
      runtime = await launch({ ...order, migrations: null }, plan.onLogLine);
    },
    cpuSeconds: () => (runtime.pid === undefined ? null : cpuSecondsOfWorkerd(runtime.pid)),
    sql: (text) => runtime.ask("sql", text),
    dispose: async () => {
      process.off("exit", endNow);
      await runtime.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(order: object, onLogLine?: (line: string) => void): Promise<Runtime> {
  const runtime = onLogLine === undefined ? new Runtime("ignore") : new Runtime("pipe", "pipe");
  for (const input of runtime.outputs) createInterface({ input }).on("line", (line) => onLogLine?.(line));
  await runtime.ask("start", order);
  return runtime;
}
