import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, startServer, USHER } from "../support/server/start-server.ts";
import { createColdRoute } from "./cold-route.ts";
import { median } from "./load.ts";
import { type PastCommit, unpackCommit } from "./past-commit.ts";
import { createRoutes, type Route } from "./routes.ts";
import { cpu, cpuOf, rate, rateOf, type Sample, sample } from "./sample.ts";

const WARM_UP_REQUESTS = 600;

/** A load: so many connections with so many requests each, so many times over. */
interface Load {
  readonly concurrency: number;
  readonly requestsPerConnection: number;
  readonly rounds: number;
}

const LOADS: readonly Load[] = [
  { concurrency: 1, requestsPerConnection: 200, rounds: 3 },
  { concurrency: 16, requestsPerConnection: 60, rounds: 5 },
  { concurrency: 64, requestsPerConnection: 20, rounds: 3 },
];
const QUICK_LOADS: readonly Load[] = [{ concurrency: 16, requestsPerConnection: 40, rounds: 5 }];

/** One of the two, at work. */
interface Side {
  readonly server: Server;
  readonly routes: readonly Route[];
}

async function openSide(server: Server): Promise<Side> {
  const scene = await LoadScene.open(server.origin);
  return { server, routes: [...(await createRoutes(scene)), await createColdRoute(server)] };
}

/** What was measured of one route: a pair for each round. */
type Pairs = readonly (readonly [then: Sample, now: Sample])[];

/** Both in turn, and each first every other time, so that a busy moment of the machine strikes both alike. */
async function measure(sides: readonly [Side, Side], index: number, load: Load): Promise<Pairs> {
  const take = async ({ server, routes }: Side) => {
    const requests = await routes[index]?.prepare(load.concurrency * load.requestsPerConnection);
    return sample(server, requests ?? [], load.concurrency);
  };
  const pairs: [Sample, Sample][] = [];
  for (let round = 0; round < load.rounds; round += 1) {
    const [then, now] = sides;
    if (round % 2 === 0) pairs.push([await take(then), await take(now)]);
    else {
      const second = await take(now);
      pairs.push([await take(then), second]);
    }
  }
  return pairs;
}

function describe(name: string, concurrency: number, pairs: Pairs): string {
  const [then, now] = [pairs.map(([each]) => each), pairs.map(([, each]) => each)];
  const cells = [
    name,
    concurrency,
    rate(then).toFixed(0),
    rate(now).toFixed(0),
    median(pairs.map(([before, after]) => rateOf(after) / rateOf(before))).toFixed(2),
    cpu(then).toFixed(0),
    cpu(now).toFixed(0),
    median(pairs.map(([before, after]) => cpuOf(after) / cpuOf(before))).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const header = ({ name }: PastCommit) => `
| request | connections | ${name}: requests/s | now | rate, now to then | ${name}: server CPU µs | now | CPU, now to then |
|---|---|---|---|---|---|---|---|`;

/** Prints how fast this Worker is beside that of another commit, both measured in turn in this very run. */
export async function compareWith(reference: string, quick: boolean, only: string): Promise<void> {
  const past = unpackCommit(reference);
  const servers = [await startServer(past.plan), await startServer(USHER)] as const;
  try {
    const sides = [await openSide(servers[0]), await openSide(servers[1])] as const;
    console.log(header(past));
    for (const [index, { name }] of sides[1].routes.entries()) {
      if (!name.includes(only)) continue;
      for (const { server, routes } of sides) {
        await sample(server, (await routes[index]?.prepare(WARM_UP_REQUESTS)) ?? [], 16);
      }
      for (const load of quick ? QUICK_LOADS : LOADS) {
        console.log(describe(name, load.concurrency, await measure(sides, index, load)));
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.dispose()));
    past.dispose();
  }
}
