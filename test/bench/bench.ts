/**
 * `npm run bench`: how fast the built Worker is, and how much of that speed is the platform's. Rates depend on the
 * machine, so each measurement stands next to a bare route and to a floor (floor-worker.ts) taken moments before and
 * after it on the same machine, and the ratio is what counts. Prints Markdown for the README.
 *
 *   node test/bench/bench.ts [--quick] [--routes | --scale | --worst]
 */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, startServer, USHER } from "../support/server/start-server.ts";
import { applyLoad, type LoadRequest, type LoadResult, median, percentile } from "./load.ts";
import { measureLocalValidation } from "./local-validation.ts";
import { measureScale } from "./scale.ts";

const QUICK = process.argv.includes("--quick");
const CONCURRENCIES = [1, 16, 64];
const ROUNDS = QUICK ? 1 : 3;
const REQUESTS_PER_CONNECTION = QUICK ? [100, 20, 10] : [200, 40, 20];
const WARM_UP_REQUESTS = 300;

/** One thing to measure: as many fresh requests as asked for. */
interface Route {
  readonly name: string;
  readonly floor: string;
  readonly prepare: (count: number) => Promise<readonly LoadRequest[]>;
}

interface Sample extends LoadResult {
  /** Microseconds of the server's processors for one request; null where /proc cannot be asked. */
  readonly cpuMicros: number | null;
}

async function createRoutes(scene: LoadScene): Promise<readonly Route[]> {
  const [open, guarded] = [await scene.registerResource(), await scene.registerResource()];
  await scene.permitAnyone(open);
  await scene.permitBob(guarded);
  const { rpt } = await scene.redeem(await scene.mintTicket(open));
  const { requests, claimToken } = scene;
  const same = (request: LoadRequest) => async (count: number) => Array.from({ length: count }, () => request);
  const fresh = (resource: string, pushed: string | null) => async (count: number) => {
    const tickets = await scene.mintTickets(resource, count);
    return tickets.map((ticket) => requests.redemption(ticket, pushed));
  };
  return [
    { name: "discovery", floor: "/hello", prepare: same(requests.discovery) },
    { name: "permission", floor: "/permission", prepare: same(requests.permission(open)) },
    { name: "redemption", floor: "/redemption", prepare: fresh(open, null) },
    { name: "redemption with a pushed ID Token", floor: "/redemption", prepare: fresh(guarded, claimToken) },
    { name: "introspection", floor: "/introspection", prepare: same(requests.introspection(rpt)) },
  ];
}

async function sample(server: Server, requests: readonly LoadRequest[], concurrency: number): Promise<Sample> {
  const before = server.cpuSeconds();
  const result = await applyLoad(requests, concurrency);
  const after = server.cpuSeconds();
  const cpuMicros = before === null || after === null ? null : ((after - before) * 1e6) / result.requests;
  return { ...result, cpuMicros };
}

interface Samples {
  readonly usher: Sample[];
  readonly floor: Sample[];
  readonly hello: Sample[];
}

/** Usher, floor and bare route in turn, several times over, so that a busy moment of the machine strikes all alike. */
async function measure(usher: Server, floor: Server, route: Route, concurrency: number): Promise<Samples> {
  const perConnection = REQUESTS_PER_CONNECTION[CONCURRENCIES.indexOf(concurrency)] ?? 0;
  const count = concurrency * perConnection;
  const samples: Samples = { usher: [], floor: [], hello: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.usher.push(await sample(usher, await route.prepare(count), concurrency));
    samples.floor.push(await sample(floor, floorRequests(floor, route.floor, count), concurrency));
    samples.hello.push(await sample(floor, floorRequests(floor, "/hello", count), concurrency));
  }
  return samples;
}

function floorRequests(floor: Server, path: string, count: number): readonly LoadRequest[] {
  const request: LoadRequest = { method: "POST", url: floor.origin + path, expectedStatus: 200 };
  return Array.from({ length: count }, () => request);
}

const rate = (samples: readonly Sample[]) => median(samples.map(({ requests, seconds }) => requests / seconds));
const cpu = (samples: readonly Sample[]) => median(samples.map(({ cpuMicros }) => cpuMicros ?? Number.NaN));

function describe(route: Route, concurrency: number, { usher, floor, hello }: Samples): string {
  const latencies = usher.flatMap((each) => each.latencies);
  const cells = [
    route.name,
    concurrency,
    rate(usher).toFixed(0),
    percentile(latencies, 0.5).toFixed(1),
    percentile(latencies, 0.99).toFixed(1),
    cpu(usher).toFixed(0),
    (rate(usher) / rate(hello)).toFixed(2),
    (rate(usher) / rate(floor)).toFixed(2),
    (cpu(usher) / cpu(floor)).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const HEADER = `
| request | connections | requests/s | p50 ms | p99 ms | server CPU µs | rate to a bare route | rate to the floor | CPU to the floor |
|---|---|---|---|---|---|---|---|---|`;

async function warmUp(usher: Server, floor: Server, routes: readonly Route[]): Promise<void> {
  for (const route of routes) {
    await sample(usher, await route.prepare(WARM_UP_REQUESTS), 16);
    await sample(floor, floorRequests(floor, route.floor, WARM_UP_REQUESTS), 16);
  }
}

async function measureRoutes(): Promise<void> {
  const usher = await startServer(USHER);
  const floor = await startServer(FLOOR);
  try {
    const scene = await LoadScene.open(usher.origin);
    const routes = await createRoutes(scene);
    await warmUp(usher, floor, routes);
    console.log(HEADER);
    for (const route of routes) {
      for (const concurrency of CONCURRENCIES) {
        console.log(describe(route, concurrency, await measure(usher, floor, route, concurrency)));
      }
    }
    console.log(`\n${await measureLocalValidation(scene)}`);
  } finally {
    await Promise.all([usher.dispose(), floor.dispose()]);
  }
}

const FLOOR = { config: "test/bench/wrangler.toml", migrations: "test/bench/migrations", bindings: {} };

const [processor] = cpus();
const memory = (totalmem() / 2 ** 30).toFixed(0);
console.log(`${cpus().length} × ${processor?.model}, ${memory} GiB, Node ${process.versions.node}`);
if (process.argv.includes("--worst")) measureWorst();
else {
  if (!process.argv.includes("--scale")) await measureRoutes();
  if (!process.argv.includes("--routes")) console.log(await measureScale(QUICK));
}

/** Runs inside workerd (test/bench/worst/measure.ts), and prints a table row for each kind of policy. */
function measureWorst(): void {
  const config = ["--config", "test/bench/worst/vitest.config.ts", "--root", "."];
  execFileSync("node_modules/.bin/vitest", ["run", ...config], { stdio: "inherit" });
}
