/**
 * What a permission request and its redemption cost when an owner has ten resources or a million, each with a policy of its
 * own. Resources are asked for at random, and each is described anew before it is: then no cache holds it, however few
 * there are, so all sizes are asked the same.
 */
import { execFileSync } from "node:child_process";
import { LoadScene } from "../support/server/load-scene.ts";
import { startServer, USHER } from "../support/server/start-server.ts";
import { applyLoad, type LoadRequest, median } from "./load.ts";

const SIZES = [10, 1_000, 10_000, 100_000, 1_000_000];
const QUICK_SIZES = [10, 1_000, 100_000];
const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
const BATCHES_PER_ROUND = 20;
/** All different, so no more than the smallest site has. */
const RESOURCES_PER_BATCH = 10;
const CONCURRENCY = 4;
const ROWS_PER_STATEMENT = 50_000;

/** Round by round: milliseconds at the median, and microseconds of the server's processors for one request. */
interface Cost {
  readonly milliseconds: number[];
  readonly cpuMicros: number[];
}

interface Site {
  readonly size: number;
  readonly scene: LoadScene;
  readonly server: Awaited<ReturnType<typeof startServer>>;
  readonly permission: Cost;
  readonly redemption: Cost;
}

/** Ids that follow from a number, so that nobody has to keep a million, and that are scattered all over an index. */
const SCATTER = 2_654_435_761;
const scattered = (n: number) => (Math.imul(n, SCATTER) >>> 0).toString(16).padStart(8, "0");
const resourceId = (n: number) => `resource------${scattered(n)}`;
const SCATTERED = `printf('%08x', (n * ${SCATTER}) & 4294967295)`;
const DESCRIPTION = { resource_scopes: ["view", "edit"], name: "Lab report", type: "lab-report" };

/** Rows as a registration and a policy write them, past the Worker, because a million requests would take an hour. */
function seedStatements({ ownerId, resourceServerId }: LoadScene, first: number, rows: number): string {
  const counter = `WITH RECURSIVE counter(n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM counter WHERE n < ${first + rows - 1})`;
  const policy = `json_object('effect', 'permit', 'target', json_object('resources', json_array('resource------' || ${SCATTERED})),
    'scopes', json_array('view'), 'who', json_object('anyone', json('true')))`;
  return `
    ${counter} INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
      SELECT 'resource------' || ${SCATTERED}, '${ownerId}', '${resourceServerId}', '${DESCRIPTION.type}',
        '${JSON.stringify(DESCRIPTION.resource_scopes)}', '${JSON.stringify(DESCRIPTION)}', 1790000000 FROM counter;
    ${counter} INSERT INTO policies (id, owner_id, version, epoch, document)
      SELECT 'policy--------' || ${SCATTERED}, '${ownerId}', 1, 1, ${policy} FROM counter;
    ${counter} INSERT INTO policy_targets (owner_id, kind, value, weight, policy_id)
      SELECT '${ownerId}', 'resource', 'resource------' || ${SCATTERED}, 10, 'policy--------' || ${SCATTERED} FROM counter`;
}

async function openSite(size: number): Promise<Site> {
  const server = await startServer(USHER);
  const scene = await LoadScene.open(server.origin);
  for (let first = 0; first < size; first += ROWS_PER_STATEMENT) {
    await server.sql(seedStatements(scene, first, Math.min(size - first, ROWS_PER_STATEMENT)));
  }
  return { size, scene, server, permission: noCost(), redemption: noCost() };
}

function noCost(): Cost {
  return { milliseconds: [], cpuMicros: [] };
}

function drawResources(size: number): readonly string[] {
  const drawn = new Set<number>();
  while (drawn.size < RESOURCES_PER_BATCH) drawn.add(Math.floor(Math.random() * size));
  return [...drawn].map(resourceId);
}

/** Permission requests for resources that no cache holds, then the redemption of each ticket they gave. */
async function measureRound(site: Site): Promise<void> {
  const { scene, size } = site;
  const permissions = new Measurement(site);
  const redemptions = new Measurement(site);
  for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
    const resources = drawResources(size);
    await Promise.all(resources.map((id) => scene.describeAnew(id, DESCRIPTION)));
    const answers = await permissions.take(resources.map((id) => scene.requests.permission(id)));
    const tickets = answers.map((answer) => (JSON.parse(answer) as { ticket: string }).ticket);
    await redemptions.take(tickets.map((ticket) => scene.requests.redemption(ticket, null)));
  }
  permissions.report(site.permission);
  redemptions.report(site.redemption);
}

/** The requests of one kind in one round. */
class Measurement {
  readonly #site: Site;
  readonly #latencies: number[] = [];
  #cpuSeconds = 0;

  constructor(site: Site) {
    this.#site = site;
  }

  /** @returns the bodies of the answers. */
  async take(requests: readonly LoadRequest[]): Promise<readonly string[]> {
    const before = this.#cpu();
    const { latencies, bodies } = await applyLoad(requests, CONCURRENCY);
    this.#cpuSeconds += this.#cpu() - before;
    this.#latencies.push(...latencies);
    return bodies;
  }

  report({ milliseconds, cpuMicros }: Cost): void {
    milliseconds.push(median(this.#latencies));
    cpuMicros.push((this.#cpuSeconds * 1e6) / this.#latencies.length);
  }

  #cpu(): number {
    return this.#site.server.cpuSeconds() ?? Number.NaN;
  }
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
    for (const { permission, redemption } of sites) {
      for (const values of [permission, redemption].flatMap(Object.values)) values.length = 0;
    }
    await measureRounds(sites, ROUNDS);
    return describe(sites);
  } finally {
    await Promise.all(sites.map(({ server }) => server.dispose()));
  }
}

function describe(sites: readonly Site[]): string {
  const [smallest] = sites;
  const lines = sites.map(({ size, permission, redemption }) => {
    const cells = [...compare(permission, smallest?.permission), ...compare(redemption, smallest?.redemption)];
    return `| ${size.toLocaleString("en")} | ${cells.join(" | ")} |`;
  });
  return `
| resources, each with a policy | permission, p50 ms | to the smallest | CPU µs | to the smallest | redemption, p50 ms | to the smallest | CPU µs | to the smallest |
|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}`;
}

function compare(cost: Cost, base: Cost = cost): readonly string[] {
  const [milliseconds, cpuMicros] = [median(cost.milliseconds), median(cost.cpuMicros)];
  return [
    milliseconds.toFixed(2),
    (milliseconds / median(base.milliseconds)).toFixed(2),
    cpuMicros.toFixed(0),
    (cpuMicros / median(base.cpuMicros)).toFixed(2),
  ];
}
