/**
 * Fires requests at the built Worker that are almost right, at every endpoint that it describes and at its pages, and looks
 * whether it ever fails, hangs, changes anything for a stranger, or tells a secret in an answer or in its log.
 *
 *   node test/fuzz/main.ts [--short] [--seed N] [--requests N] [--set NAME=VALUE]...
 */
import { parseArgs } from "node:util";
import { pause } from "../soak/findings.ts";
import { ApiDescription, type DescribedCall, type Description } from "../support/server/api-description.ts";
import { freshAddress } from "../support/server/person.ts";
import { ADMIN_SECRET, startServer, USHER } from "../support/server/start-server.ts";
import { Aim } from "./aim.ts";
import { FuzzCast } from "./cast.ts";
import { Dice } from "./dice.ts";
import { makeStrange, mutate } from "./mutate.ts";
import { Pages } from "./pages.ts";
import { Secrets } from "./secrets.ts";
import type { Shot } from "./shot.ts";
import { differences, digestState } from "./state.ts";
import { Stock } from "./stock.ts";
import { Watch } from "./watch.ts";
import { Wire } from "./wire.ts";

const SHORT_REQUESTS = 5_000;
const LONG_REQUESTS = 200_000;
const LANES = 12;
/** Longer than what waits on purpose: a change of a client is answered when every lease of it has run out. */
const ANSWER_LIMIT_MS = 30_000;
/** Of all requests, those of strangers; they come first, and must change nothing. */
const STRANGERS = 0.2;
/** Calls that are answered slowly are made this seldom once they have been seen to work. */
const SLOW_MS = 1_500;
const SLOW_CHANCE = 0.05;
/** After so long there is something to use up again, and after so many times all callers are replaced by new ones. */
const SUPPLY_PAUSE_MS = 300;
const ROUNDS_OF_A_CAST = 25;

/** Where there is more to get wrong than at one of a hundred calls. */
const WEIGHTS: Readonly<Record<string, number>> = {
  "/token": 12,
  "/par": 3,
  "/authorize": 3,
  "/introspection": 3,
  "/permission": 3,
  "/resources": 2,
  "/register": 2,
  "/owner/policies": 2,
};
const ENTRANCES = 5;
const TELL_EVERY = 20_000;

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean" },
    seed: { type: "string" },
    requests: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
  },
});
/** Settings other than the usual, such as PROFILE=lenient. */
const settings = Object.fromEntries(
  options.set.map((one) => [one.split("=")[0] ?? "", one.slice(one.indexOf("=") + 1)]),
);
const total = Number(options.requests ?? (options.short === true ? SHORT_REQUESTS : LONG_REQUESTS));
const seed = Number(options.seed ?? (options.short === true ? 20_181_107 : Date.now() % 2 ** 31));

const secrets = new Secrets();
const stock = new Stock();
/** What strangers may have come by: names, and nothing that opens anything. */
const found = new Stock();
const logLines: string[] = [];
const server = await startServer({
  ...USHER,
  // Passkeys belong to a name.
  hostName: "localhost",
  bindings: { ...USHER.bindings, LOG_LEVEL: "info", ...settings },
  onLogLine: (line) => logLines.push(line),
});
for (const secret of Object.values(USHER.bindings)) secrets.add(secret);

/** Set-up comes from where nobody fails, or it would be told to wait with those who do. */
function askPlainly(request: Request): Promise<Response> {
  if (!request.headers.has("CF-Connecting-IP")) request.headers.set("CF-Connecting-IP", freshAddress());
  return fetch(request);
}

const site = { fetch: askPlainly, issuer: server.origin, adminSecret: ADMIN_SECRET };
const description = (await (await fetch(`${server.origin}/schemas/openapi.json`)).json()) as Description;
const api = new ApiDescription(description);
const watch = new Watch(api, stock, secrets, (what, where) => console.error(`fault: ${what}\n  ${where}`));
const aim = new Aim(description);
const pages = new Pages(server.origin);
const wire = new Wire(server.origin, LANES, ANSWER_LIMIT_MS);
const weighted = api.calls.flatMap((call) => Array.from({ length: WEIGHTS[call.path] ?? 1 }, () => call));
const durations = new Map<DescribedCall, number>();

let cast = await enter();

async function enter(): Promise<FuzzCast> {
  const entered = await FuzzCast.enter(site, stock);
  const console = `/console/${entered.ownerId}`;
  await pages.explore(entered.person, [
    "/account",
    console,
    `${console}/things`,
    `${console}/groups`,
    `${console}/apps`,
  ]);
  return entered;
}

/** A call, and seldom one that is slow. */
function chooseCall(dice: Dice): DescribedCall {
  const call = dice.pick(weighted);
  return (durations.get(call) ?? 0) < SLOW_MS || dice.chance(SLOW_CHANCE) ? call : chooseCall(dice);
}

/** From a place of its own, so that counters of failures let it through as they would let anybody. */
function comingFrom(dice: Dice): [string, string] {
  return ["CF-Connecting-IP", `10.${dice.below(256)}.${dice.below(256)}.${dice.below(256)}`];
}

function aimed(dice: Dice, isStranger: boolean): Shot {
  const supplied = isStranger ? found : stock;
  if (dice.chance(0.15)) {
    const shot = pages.shot(isStranger ? null : cast.person, dice, supplied);
    shot.headers.push(comingFrom(dice));
    return shot;
  }
  const call = chooseCall(dice);
  const shot = aim.at(call, { dice, stock: supplied, now: Math.floor(Date.now() / 1_000) });
  shot.headers.push(comingFrom(dice));
  const credentials = dice.chance(0.9) ? cast.credentialsFor(call, dice) : cast.anyCredentials(dice);
  if (credentials !== null) shot.headers.push(["Authorization", credentials]);
  if (credentials?.startsWith("Basic") && dice.chance(0.8)) leaveOutClientId(shot);
  return shot;
}

/** Whoever is named in the header is not named in the form once more, and otherwise. */
function leaveOutClientId({ body }: Shot): void {
  if (body?.kind === "form") body.pairs = body.pairs.filter(([name]) => name !== "client_id");
}

/** Nobody, somebody whom nobody knows, or somebody who has no business here. */
function disguise(shot: Shot, dice: Dice): void {
  makeStrange(shot, dice, found);
  if (shot.call === null || dice.chance(0.6)) return;
  shot.headers = shot.headers.filter(([name]) => name !== "Authorization");
  shot.headers.push(["Authorization", cast.wrongCredentialsFor(shot.call, dice)]);
}

async function fire(index: number, isStranger: boolean): Promise<void> {
  if (index % TELL_EVERY === 0 && index > 0) console.log(`${index} requests, ${watch.faults.size} kinds of faults`);
  const dice = new Dice(seed + index);
  const shot = aimed(dice, isStranger);
  const isWhole = dice.chance(0.3);
  if (!isStranger && dice.chance(0.15)) await cast.prove(shot, dice);
  if (!isWhole) mutate(shot, dice, isStranger ? found : stock);
  if (isStranger) disguise(shot, dice);
  watch.expect(shot);
  try {
    const reply = await wire.send(shot);
    watch.look(shot, reply, isWhole && !isStranger);
    if (shot.call !== null && reply.status < 400) durations.set(shot.call, reply.milliseconds);
  } catch (error) {
    watch.fault(`no answer (${(error as Error).message})`, shot, null);
  }
}

/** Fires so many, side by side. */
async function fireAll(first: number, count: number, isStranger: boolean): Promise<void> {
  const indices = Array.from({ length: count }, (_, index) => first + index).values();
  const lane = async () => {
    for (const index of indices) await fire(index, isStranger);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Strangers hold nothing that was ever given out, and whatever they send leaves everything as it was. */
async function strangers(count: number): Promise<void> {
  stock.copy(
    [
      "app",
      "connected",
      "client",
      "group",
      "owner",
      "resource_owner",
      "party",
      "policy",
      "resource",
      "grant",
      "request",
    ],
    found,
  );
  const before = await settledState();
  await fireAll(0, count, true);
  watch.changed(differences(before, await settledState()));
}

/** What was begun before is done. */
async function settledState(): Promise<ReadonlyMap<string, string>> {
  let state = digestState(server.state);
  for (let look = 0; look < 20; look += 1) {
    await pause(500);
    const next = digestState(server.state);
    if (differences(state, next).length === 0) return next;
    state = next;
  }
  throw new Error("what is kept goes on changing");
}

/** Those who are known call, while what they use up is brought along. */
async function known(first: number, count: number): Promise<void> {
  let isOver = false;
  const firing = fireAll(first, count, false).finally(() => {
    isOver = true;
  });
  await Promise.all([firing, supply(() => isOver)]);
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** A cast that enters while others fire may be met by a request before it stands. */
async function enterAnew(): Promise<FuzzCast> {
  for (let entrance = 1; entrance < ENTRANCES; entrance += 1) {
    const entering = enter();
    if (await succeeds(entering)) return entering;
  }
  return enter();
}

async function supply(isOver: () => boolean): Promise<void> {
  for (let round = 1; !isOver(); round += 1) {
    const isTired = round % ROUNDS_OF_A_CAST === 0;
    // Requests that meet it may have taken from the cast what it stands on.
    const isGone = isTired || !(await succeeds(cast.replenish()));
    if (isGone) cast = await enterAnew();
    for (const line of logLines.splice(0)) watch.lookAtLog(line);
    await pause(SUPPLY_PAUSE_MS);
  }
}

/** Calls that no request got through to were not fuzzed, but refused at the door. */
function unreached(): readonly string[] {
  return api.calls
    .map(({ method, path }) => `${method} ${path}`)
    .filter((name) => ![...(watch.answered.get(name) ?? new Map()).keys()].some((status) => status < 400));
}

try {
  const started = performance.now();
  const ofStrangers = Math.floor(total * STRANGERS);
  await strangers(ofStrangers);
  await known(ofStrangers, total - ofStrangers);
  for (const line of logLines.splice(0)) watch.lookAtLog(line);
  const seconds = (performance.now() - started) / 1_000;
  const statuses = [...watch.answered.values()].flatMap((counts) => [...counts]);
  const succeeded = statuses.filter(([status]) => status < 400).reduce((sum, [, count]) => sum + count, 0);
  console.log(`${total} requests in ${seconds.toFixed(0)} s (seed ${seed}), ${succeeded} of them taken`);
  const missed = unreached();
  if (total >= SHORT_REQUESTS) watch.reached(api.calls.length - missed.length, api.calls.length);
  for (const call of missed)
    console.log(`not reached: ${call} (${watch.lastRefusal.get(call)?.trim() ?? "not tried"})`);
  for (const [what, count] of watch.faults) console.error(`fault, ${count} times: ${what}`);
  console.log(`${watch.faults.size} kinds of faults`);
  process.exitCode = watch.faults.size > 0 ? 1 : 0;
} finally {
  wire.close();
  await server.dispose();
}
