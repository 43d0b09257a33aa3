/**
 * Servers whose owners have few resources or very many, each with a policy of its own, asked in turn, so that a busy moment of
 * the machine strikes all alike.
 */
import { execFileSync } from "node:child_process";
import { LoadScene } from "../support/server/load-scene.ts";
import { startServer, USHER } from "../support/server/start-server.ts";
import { applyLoad, type LoadRequest, median } from "./load.ts";

const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
const CONCURRENCY = 4;
const ROWS_PER_STATEMENT = 20_000;

export interface Site {
  readonly size: number;
  readonly scene: LoadScene;
  readonly server: Awaited<ReturnType<typeof startServer>>;
}

/** Ids that follow from a number, so that nobody has to keep a million, and that are scattered all over an index. */
const SCATTER = 2_654_435_761;
const scattered = (n: number) => (Math.imul(n, SCATTER) >>> 0).toString(16).padStart(8, "0");
const resourceId = (n: number) => `resource------${scattered(n)}`;
const SCATTERED = `printf('%08x', (n * ${SCATTER}) & 4294967295)`;
export const DESCRIPTION = { resource_scopes: ["view", "edit"], name: "Lab report", type: "lab-report" };

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
  return { size, scene, server };
}

/** All different, so no more than the smallest site has. */
export function drawResources(size: number, count: number): readonly string[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(Math.floor(Math.random() * size));
  return [...drawn].map(resourceId);
}

/** Round by round: milliseconds at the median, and microseconds of the server's processors for one request. */
interface Cost {
  readonly milliseconds: number[];
  readonly cpuMicros: number[];
}

/** The requests of one kind at one site, round by round. */
export class Measurement {
  readonly #site: Site;
  readonly #cost: Cost = { milliseconds: [], cpuMicros: [] };
  #latencies: number[] = [];
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

  endRound(): void {
    this.#cost.milliseconds.push(median(this.#latencies));
    this.#cost.cpuMicros.push((this.#cpuSeconds * 1e6) / this.#latencies.length);
    [this.#latencies, this.#cpuSeconds] = [[], 0];
  }

  forgetRounds(): void {
    for (const values of Object.values(this.#cost)) values.length = 0;
  }

  /** Cells of a table: milliseconds, those of the smallest for one, and the same of the processors. */
  compare(smallest: Measurement): readonly string[] {
    const base = smallest.#cost;
    const [milliseconds, cpuMicros] = [median(this.#cost.milliseconds), median(this.#cost.cpuMicros)];
    return [
      milliseconds.toFixed(2),
      (milliseconds / median(base.milliseconds)).toFixed(2),
      cpuMicros.toFixed(0),
      (cpuMicros / median(base.cpuMicros)).toFixed(2),
    ];
  }

  #cpu(): number {
    return this.#site.server.cpuSeconds() ?? Number.NaN;
  }
}

/** What is measured at one site. */
export interface Measured {
  readonly size: number;
  readonly measurements: readonly Measurement[];
  readonly round: () => Promise<void>;
}

/**
 * @param kinds what is measured of each site, in the order of its measurements
 * @param prepare makes a site ready, and says how a round goes
 * @returns a Markdown table
 */
export async function measureSites(
  sizes: readonly number[],
  kinds: readonly string[],
  prepare: (site: Site) => Promise<Measured>,
): Promise<string> {
  const sites: Site[] = [];
  try {
    for (const size of sizes) sites.push(await openSite(size));
    const measured = [];
    for (const site of sites) measured.push(await prepare(site));
    // What seeding wrote must have reached the disk, or the first to sync pays for it.
    execFileSync("sync");
    await playRounds(measured, WARM_UP_ROUNDS);
    for (const one of measured.flatMap(({ measurements }) => measurements)) one.forgetRounds();
    await playRounds(measured, ROUNDS);
    return describe(measured, kinds);
  } finally {
    await Promise.all(sites.map(({ server }) => server.dispose()));
  }
}

/** Each round begins with another site. */
async function playRounds(sites: readonly Measured[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const first = round % sites.length;
    for (const site of [...sites.slice(first), ...sites.slice(0, first)]) {
      await site.round();
      for (const one of site.measurements) one.endRound();
    }
  }
}

function describe(sites: readonly Measured[], kinds: readonly string[]): string {
  const heads = kinds.flatMap((kind) => [`${kind}, p50 ms`, "to the smallest", "CPU µs", "to the smallest"]);
  const lines = sites.map(({ size, measurements }) => {
    const cells = measurements.flatMap((one, index) => one.compare(sites[0]?.measurements[index] ?? one));
    return `| ${[size.toLocaleString("en"), ...cells].join(" | ")} |`;
  });
  return `
| ${["resources, each with a policy", ...heads].join(" | ")} |
|${"---|".repeat(heads.length + 1)}
${lines.join("\n")}`;
}
