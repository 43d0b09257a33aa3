/** Where the time of a request goes: samples of the server's own stack, added up by the part of the house they are in. */
import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, startServer, USHER } from "../support/server/start-server.ts";
import { Inspector, type Profile, type ProfileNode } from "./inspector.ts";
import { createRoutes, type Route } from "./routes.ts";
import { type Sample, sample } from "./sample.ts";

const CONCURRENCY = 16;
const WARM_UP_REQUESTS = 1_000;
const REQUESTS = 4_000;
const PROFILED = ["permission", "redemption", "introspection"];

/** Steps by the name of the function, or else by the source it stands in; the first that fits counts. */
const STEPS: readonly (readonly [step: string, pattern: RegExp])[] = [
  ["waiting", /^\(idle\)/],
  ["event loop, HTTP, commits, and what else is no JavaScript", /^\(program\)|^\(root\)/],
  ["collecting garbage", /^\(garbage collector\)/],
  ["SQL of the ledger", /^(exec|transactionSync|toArray|get databaseSize) .*src\/ledger/],
  ["policies", /src\/policy/],
  ["the ledger's rules", /src\/ledger/],
  ["the call to the ledger", /src\/storage\/durable/],
  ["sealing, opening, signing, hashing", /src\/(crypto|keys)|shared\/(aes-gcm|base64url|sha-256)|node_modules\/jose/],
  ["Hono", /node_modules\/hono/],
  ["reading requests, rendering answers", /src\/(http|app|index)/],
  ["D1 and its copies", /src\/storage/],
  ["operations", /src\/(operations|events|protocol|shared)|node_modules\/valibot/],
];
const REST = "the rest";

/** Microseconds of processor time for one request, by step. */
type Costs = ReadonlyMap<string, number>;

async function profile(server: Server, inspector: Inspector, route: Route): Promise<Costs> {
  await sample(server, await route.prepare(WARM_UP_REQUESTS), CONCURRENCY);
  const requests = await route.prepare(REQUESTS);
  await inspector.startProfile();
  const taken = await sample(server, requests, CONCURRENCY);
  return costsOf(await inspector.stopProfile(), readSources(server), taken);
}

function readSources({ bundle }: Server): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")) as SourceMapPayload);
}

/** Samples tell shares of time; what all of it is, the operating system says. */
function costsOf({ nodes, samples, timeDeltas }: Profile, sources: SourceMap, { cpuMicros }: Sample): Costs {
  const steps = stepsOf(nodes, sources);
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const step = steps.get(id) ?? REST;
    times.set(step, (times.get(step) ?? 0) + (timeDeltas[index] ?? 0));
  }
  times.delete("waiting");
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...times].map(([step, time]) => [step, (time / all) * (cpuMicros ?? Number.NaN)]));
}

function stepsOf(nodes: readonly ProfileNode[], sources: SourceMap): ReadonlyMap<number, string> {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const sourceOf = (node: ProfileNode | undefined): string => {
    if (node === undefined) return "";
    const { url, lineNumber, columnNumber } = node.callFrame;
    // The platform's own functions belong to whoever calls them.
    if (url === "") return sourceOf(parents.get(node.id));
    const entry = sources.findEntry(lineNumber, columnNumber);
    return "originalSource" in entry ? entry.originalSource : "";
  };
  return new Map(nodes.map((node) => [node.id, stepOf(`${node.callFrame.functionName} ${sourceOf(node)}`)]));
}

function stepOf(place: string): string {
  return STEPS.find(([, pattern]) => pattern.test(place))?.[0] ?? REST;
}

/** @returns a Markdown table */
export async function measureProfile(): Promise<string> {
  const server = await startServer({ ...USHER, inspected: true });
  try {
    const scene = await LoadScene.open(server.origin);
    const routes = (await createRoutes(scene)).filter(({ name }) => PROFILED.includes(name));
    const inspector = await Inspector.open(server.inspector ?? "");
    const costs: Costs[] = [];
    for (const route of routes) costs.push(await profile(server, inspector, route));
    return describe(routes, costs);
  } finally {
    await server.dispose();
  }
}

function describe(routes: readonly Route[], costs: readonly Costs[]): string {
  const rows = [...STEPS.map(([step]) => step), REST]
    .filter((step) => costs.some((each) => each.has(step)))
    .map((step) => `| ${step} | ${costs.map((each) => (each.get(step) ?? 0).toFixed(0)).join(" | ")} |`);
  const totals = costs.map((each) => [...each.values()].reduce((sum, cost) => sum + cost, 0).toFixed(0));
  return `
| µs of server CPU for one request | ${routes.map(({ name }) => name).join(" | ")} |
|---|${routes.map(() => "---").join("|")}|
${rows.join("\n")}
| all | ${totals.join(" | ")} |`;
}
