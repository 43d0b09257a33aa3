/**
 * How the ways to run Usher on one machine compare: `npm run dev`, and the built Worker of `npm run serve`. Prints a
 * table row for each. Both are started as people start them, on fresh state, with the secrets in `.dev.vars`.
 *
 *   node test/bench/ways.ts
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../../examples/serve/root.mjs";
import { ensureSecrets } from "../../examples/serve/secrets.mjs";
import { LoadScene } from "../support/server/load-scene.ts";
import { freePort } from "../support/server/start-server.ts";
import { applyLoad, type LoadRequest, median } from "./load.ts";

const CONNECTIONS = 16;
const REQUESTS = 800;
const ROUNDS = 3;

interface Way {
  readonly name: string;
  readonly command: string;
  readonly place: (port: number, state: string) => Readonly<Record<string, string>>;
}

const WAYS: readonly Way[] = [
  {
    name: "npm run dev",
    command: "examples/start.mjs --bare",
    place: (port, state) => ({ USHER_PORT: String(port), USHER_STATE: state }),
  },
  {
    name: "npm run serve",
    command: "examples/serve/main.mjs",
    place: (port, state) => ({ PORT: String(port), USHER_STATE: state }),
  },
];

async function measure({ name, command, place }: Way, adminSecret: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "usher-ways-"));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const started = performance.now();
  const child = spawn(process.execPath, command.split(" "), {
    cwd: ROOT,
    env: { ...process.env, ...place(port, folder) },
    stdio: "ignore",
  });
  try {
    await untilAnswering(origin);
    const startUp = (performance.now() - started) / 1_000;
    const idle = mebibytesOf(child);
    const rates = await measureRates(await LoadScene.open(origin, adminSecret));
    const cells = [
      startUp.toFixed(1),
      idle.toFixed(0),
      mebibytesOf(child).toFixed(0),
      ...rates.map((r) => r.toFixed(0)),
    ];
    return `| \`${name}\` | ${cells.join(" | ")} |`;
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilAnswering(origin: string): Promise<void> {
  const isUp = () =>
    fetch(`${origin}/jwks`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) await pause(50);
}

/** Requests a second: the median of a few rounds after one that warms up. */
async function measureRates(scene: LoadScene): Promise<readonly number[]> {
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  const { rpt } = await scene.redeem(await scene.mintTicket(resource));
  const same = (request: LoadRequest) => async () => Array.from({ length: REQUESTS }, () => request);
  const routes: readonly (() => Promise<readonly LoadRequest[]>)[] = [
    same(scene.requests.permission(resource)),
    async () => (await scene.mintTickets(resource, REQUESTS)).map((ticket) => scene.requests.redemption(ticket, null)),
    same(scene.requests.introspection(rpt)),
  ];
  const rates: number[] = [];
  for (const prepare of routes) {
    const rounds: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const { requests, seconds } = await applyLoad(await prepare(), CONNECTIONS);
      rounds.push(requests / seconds);
    }
    rates.push(median(rounds.slice(1)));
  }
  return rates;
}

/** Resident memory of a process and all that it started, by proc(5); what they share is counted once. */
function mebibytesOf({ pid }: ChildProcess): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = readProc(`${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isOurs = (id: number | undefined): boolean => id !== undefined && (id === pid || isOurs(parents.get(id)));
  const ours = [...parents.keys()].filter(isOurs);
  const kibibytes = ours.map((id) => Number(readProc(`${id}/smaps_rollup`).match(/^Pss: +(\d+)/m)?.[1] ?? 0));
  return kibibytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/** Empty for a process that has ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(join("/proc", path), "utf8");
  } catch {
    return "";
  }
}

const { secrets } = ensureSecrets(join(ROOT, ".dev.vars"), "");
console.log(`
| | ready after s | memory MiB | after the load | permission/s | redemption/s | introspection/s |
|---|---|---|---|---|---|---|`);
for (const way of WAYS) console.log(await measure(way, secrets.ADMIN_SECRET ?? ""));
