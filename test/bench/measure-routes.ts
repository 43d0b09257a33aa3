import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, type ServerPlan, startServer, USHER } from "../support/server/start-server.ts";
import { FLOOR_CREDENTIALS, FLOOR_TOKEN } from "./floor-work.ts";
import { type LoadRequest, percentile } from "./load.ts";
import { measureLocalValidation } from "./local-validation.ts";
import { createPeopleRoutes } from "./people-routes.ts";
import { createProofRoutes } from "./proof-routes.ts";
import { createRoutes, type Route } from "./routes.ts";
import { cpu, rate, type Sample, sample } from "./sample.ts";

const CONCURRENCIES = [1, 16, 64];
const WARM_UP_REQUESTS = 300;
const FLOOR: ServerPlan = { config: "test/bench/wrangler.toml", migrations: "test/bench/migrations", bindings: {} };

/** How much is sent: rounds, and requests of each connection by their number (CONCURRENCIES). */
interface Amount {
  readonly rounds: number;
  readonly requestsPerConnection: readonly number[];
}
const QUICK: Amount = { rounds: 1, requestsPerConnection: [100, 20, 10] };
const USUAL: Amount = { rounds: 3, requestsPerConnection: [200, 40, 20] };

interface Samples {
  readonly usher: Sample[];
  readonly floor: Sample[];
  readonly hops: Sample[];
  readonly hello: Sample[];
}

/** Requests to floor-worker.ts: as many as asked for of a path. */
type Floor = (path: string, count: number) => readonly LoadRequest[];

async function openFloor({ origin }: Server): Promise<Floor> {
  const { answer: sealed } = (await (await fetch(`${origin}/sealed`)).json()) as { answer: string };
  const form = (authorization: string, fields: Record<string, string>) => ({
    headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  const sent: Readonly<Record<string, Partial<LoadRequest>>> = {
    "/floor/permission": {
      headers: { authorization: FLOOR_TOKEN, "content-type": "application/json" },
      body: JSON.stringify({ resource_id: "r".repeat(22), resource_scopes: ["view"] }),
    },
    "/floor/redemption": form(FLOOR_CREDENTIALS, { grant_type: "ticket", ticket: sealed }),
    "/floor/introspection": form(FLOOR_TOKEN, { token: sealed }),
  };
  return (path, count) => {
    const request: LoadRequest = { method: "POST", url: origin + path, expectedStatus: 200, ...sent[path] };
    return Array.from({ length: count }, () => request);
  };
}

/** Usher, floors and bare route in turn, several times over, so that a busy moment of the machine strikes all alike. */
async function measure(
  usher: Server,
  floor: { readonly server: Server; readonly requests: Floor },
  route: Route,
  concurrency: number,
  { rounds, requestsPerConnection }: Amount,
): Promise<Samples> {
  const count = concurrency * (requestsPerConnection[CONCURRENCIES.indexOf(concurrency)] ?? 0);
  const samples: Samples = { usher: [], floor: [], hops: [], hello: [] };
  const ask = (path: string) => sample(floor.server, floor.requests(path, count), concurrency);
  for (let round = 0; round < rounds; round += 1) {
    samples.usher.push(await sample(usher, await route.prepare(count), concurrency));
    samples.floor.push(await ask(route.floor === "hello" ? "/hello" : `/floor/${route.floor}`));
    samples.hops.push(await ask(route.floor === "hello" ? "/hello" : `/hops/${route.floor}`));
    samples.hello.push(await ask("/hello"));
  }
  return samples;
}

function describe(route: Route, concurrency: number, { usher, floor, hops, hello }: Samples): string {
  const latencies = usher.flatMap((each) => each.latencies);
  const cells = [
    route.name,
    concurrency,
    rate(usher).toFixed(0),
    percentile(latencies, 0.5).toFixed(1),
    percentile(latencies, 0.99).toFixed(1),
    cpu(usher).toFixed(0),
    (rate(usher) / rate(hello)).toFixed(2),
    (rate(usher) / rate(hops)).toFixed(2),
    (rate(usher) / rate(floor)).toFixed(2),
    (cpu(usher) / cpu(floor)).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const HEADER = `
| request | connections | requests/s | p50 ms | p99 ms | server CPU µs | rate to a bare route | rate to the bare hops | rate to the floor | CPU to the floor |
|---|---|---|---|---|---|---|---|---|---|`;

/** Prints what each of the hot paths costs, beside what the platform itself does. */
export async function measureRoutes(quick: boolean): Promise<void> {
  const amount = quick ? QUICK : USUAL;
  const usher = await startServer(USHER);
  const server = await startServer(FLOOR);
  try {
    const floor = { server, requests: await openFloor(server) };
    const scene = await LoadScene.open(usher.origin);
    const routes = [
      ...(await createRoutes(scene)),
      ...(await createProofRoutes(scene)),
      ...(await createPeopleRoutes(scene)),
    ];
    for (const route of routes) {
      await sample(usher, await route.prepare(WARM_UP_REQUESTS), 16);
      await measure(usher, floor, route, 16, { rounds: 1, requestsPerConnection: [0, 20, 0] });
    }
    console.log(HEADER);
    for (const route of routes) {
      for (const concurrency of CONCURRENCIES) {
        console.log(describe(route, concurrency, await measure(usher, floor, route, concurrency, amount)));
      }
    }
    console.log(`\n${await measureLocalValidation(scene)}`);
  } finally {
    await Promise.all([usher.dispose(), server.dispose()]);
  }
}
