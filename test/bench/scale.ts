/** What a permission request and its redemption cost when an owner has few registered resources, many, or a million. */
import { execFileSync } from "node:child_process";
import { LoadScene } from "../support/server/load-scene.ts";
import { startServer, USHER } from "../support/server/start-server.ts";
import { applyLoad, median, percentile } from "./load.ts";

const SIZES = [10, 10_000, 1_000_000];
const QUICK_SIZES = [10, 10_000, 100_000];
const WARM_UP_ROUNDS = 3;
const ROUNDS = 9;
const PAIRS_PER_ROUND = 300;
const CONCURRENCY = 4;
const ROWS_PER_STATEMENT = 50_000;

interface Site {
  readonly size: number;
  readonly scene: LoadScene;
  /** A resource that anyone may view, among all the others. */
  readonly resource: string;
  readonly server: Awaited<ReturnType<typeof startServer>>;
  /** For each round: milliseconds at the median, and microseconds of the server's processors. */
  readonly milliseconds: number[];
  readonly cpuMicros: number[];
}

/** Rows as the resource store would write them, past it, because a million requests would take an hour. */
function seedStatement(scene: LoadScene, rows: number): string {
  const description = JSON.stringify({ resource_scopes: ["view", "edit"], name: "Lab report", type: "lab-report" });
  return `
    WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < ${rows})
    INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
    SELECT lower(hex(randomblob(11))), '${scene.ownerId}', '${scene.resourceServerId}', 'lab-report',
      '["view","edit"]', '${description}', 1790000000 FROM counter`;
}

async function openSite(size: number): Promise<Site> {
  const server = await startServer(USHER);
  const scene = await LoadScene.open(server.origin);
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  for (let left = size - 1; left > 0; left -= ROWS_PER_STATEMENT) {
    await server.sql(seedStatement(scene, Math.min(left, ROWS_PER_STATEMENT)));
  }
  return { size, scene, resource, server, milliseconds: [], cpuMicros: [] };
}

/** A round of permission requests, then the redemption of each ticket they gave. */
async function measureRound({ scene, resource, server, milliseconds, cpuMicros }: Site): Promise<void> {
  const before = server.cpuSeconds() ?? Number.NaN;
  const request = scene.requests.permission(resource);
  const asked = await applyLoad(
    Array.from({ length: PAIRS_PER_ROUND }, () => request),
    CONCURRENCY,
  );
  const middle = server.cpuSeconds() ?? Number.NaN;
  const tickets = await scene.mintTickets(resource, PAIRS_PER_ROUND);
  const minted = server.cpuSeconds() ?? Number.NaN;
  const redeemed = await applyLoad(
    tickets.map((ticket) => scene.requests.redemption(ticket, null)),
    CONCURRENCY,
  );
  const after = server.cpuSeconds() ?? Number.NaN;
  milliseconds.push(percentile(asked.latencies, 0.5) + percentile(redeemed.latencies, 0.5));
  cpuMicros.push(((middle - before + after - minted) * 1e6) / PAIRS_PER_ROUND);
}

/** Rounds of all sites, each beginning with another one, so that a busy moment of the machine strikes all alike. */
async function measureRounds(sites: readonly Site[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const first = round % sites.length;
    for (const site of [...sites.slice(first), ...sites.slice(0, first)]) await measureRound(site);
  }
}

/** @returns a Markdown table */
export async function measureScale(quick: boolean): Promise<string> {
  const sites: Site[] = [];
  try {
    for (const size of quick ? QUICK_SIZES : SIZES) sites.push(await openSite(size));
    // What seeding wrote must have reached the disk, or the first to sync pays for it.
    execFileSync("sync");
    await measureRounds(sites, WARM_UP_ROUNDS);
    for (const { milliseconds, cpuMicros } of sites) milliseconds.length = cpuMicros.length = 0;
    await measureRounds(sites, ROUNDS);
    return describe(sites);
  } finally {
    await Promise.all(sites.map(({ server }) => server.dispose()));
  }
}

function describe(sites: readonly Site[]): string {
  const [smallest] = sites;
  const [baseMs, baseCpu] = [median(smallest?.milliseconds ?? []), median(smallest?.cpuMicros ?? [])];
  const lines = sites.map(({ size, milliseconds, cpuMicros }) => {
    const [ms, micros] = [median(milliseconds), median(cpuMicros)];
    return `| ${size.toLocaleString("en")} | ${ms.toFixed(2)} | ${(ms / baseMs).toFixed(2)} | ${micros.toFixed(0)} | ${(micros / baseCpu).toFixed(2)} |`;
  });
  return `
| registered resources | permission and redemption, p50 ms | to the smallest | server CPU µs | to the smallest |
|---|---|---|---|---|
${lines.join("\n")}`;
}
