import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { RedeemReply } from "../../../src/ledger/contract.ts";
import { Scene } from "../../support/server/scene.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

/**
 * `npm run bench -- --worst`: the worst that the limits allow. Of each kind of policy as many are written, about one
 * resource, one type and everything, as the server takes; then each request is asked several times. The ledger's time is
 * that of the call itself, inside workerd, where the clock of a local run goes on; that of the others is the Worker's.
 */

const ROUNDS = 5;
const RESOURCES = 30;
const SCOPES = Array.from({ length: 100 }, (_, index) => `s${index}`);
const PER_TARGET = 200;

type Document = Readonly<Record<string, unknown>>;

const list = <Item>(length: number, make: (index: number) => Item) => Array.from({ length }, (_, index) => make(index));
const zones = Intl.supportedValuesOf("timeZone");

/** Kinds of policies that are dear each in their own way; all permit nobody but who has the claim `key`. */
const KINDS: Readonly<Record<string, (index: number, groups: readonly string[]) => Document>> = {
  "many small policies": () => ({ who: { claim: "key", exists: true } }),
  conditions: (index) => ({
    who: {
      any: [...list(61, (at) => ({ claim: "roles", equals: `x${index}-${at}` })), { claim: "key", exists: true }],
    },
  }),
  operands: (index) => ({
    who: {
      any: [
        ...list(20, (at) => ({ claim: "roles", one_of: list(50, (value) => `${index}-${at}-${value}`) })),
        { claim: "key", exists: true },
      ],
    },
  }),
  groups: (index, groups) => ({
    who: {
      any: [...list(20, (at) => ({ group: groups[(index + at) % groups.length] })), { claim: "key", exists: true }],
    },
  }),
  hours: (index) => ({
    who: { claim: "key", exists: true },
    when: {
      hours: list(14, (at) => ({ from: "00:00", to: "24:00", time_zone: zones[(index * 14 + at) % zones.length] })),
    },
  }),
  networks: (index) => ({
    who: { claim: "key", exists: true },
    where: { networks: [...list(19, (at) => `10.${index % 250}.${at}.0/24`), "0.0.0.0/0"] },
  }),
};

interface Stage {
  readonly scene: Scene;
  readonly resources: readonly string[];
  readonly policies: number;
}

async function setUp(kind: string): Promise<Stage> {
  const scene = await Scene.open(localWorld());
  const resources: string[] = [];
  for (let count = 0; count < RESOURCES; count += 1) resources.push(await scene.resource(SCOPES, { type: "t" }));
  const groups: string[] = [];
  for (let count = 0; kind === "groups" && count < 60; count += 1) {
    const members = list(500, (index) => ({ email: `member${index}@g${count}.example.com` }));
    groups.push(
      String((await scene.ask("POST", "/groups?accept=warnings", { name: `g${count}`, members })).body.group_id),
    );
  }
  let policies = 0;
  for (const target of [{ all: true }, { type: "t" }, { resources }]) {
    for (let count = 0; count < PER_TARGET; count += 1) {
      const document = { effect: "permit", target, scopes: SCOPES, ...KINDS[kind]?.(policies, groups) };
      const { status } = await scene.ask("POST", "/policies?accept=warnings", document);
      if (status !== 201) break;
      policies += 1;
    }
  }
  return { scene, resources, policies };
}

interface Sample {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** As many resources, and scopes of each, as one permission request may name. */
async function largestTicket({ scene, resources }: Stage): Promise<{ ticket: string; pairs: number; sample: Sample }> {
  for (const [count, scopes] of [
    [30, 10],
    [15, 20],
    [6, 50],
    [3, 50],
    [1, 50],
  ] as const) {
    const asked = resources
      .slice(0, count)
      .map((id) => ({ resource_id: id, resource_scopes: SCOPES.slice(0, scopes) }));
    const started = performance.now();
    const answer = await scene.world.send("POST", "/permission", { bearer: scene.pat, json: asked });
    const milliseconds = performance.now() - started;
    if (answer.status === 201) {
      const bytes = JSON.stringify(answer.body).length;
      return { ticket: String(answer.body.ticket), pairs: count * scopes, sample: { milliseconds, bytes } };
    }
  }
  throw new Error("no ticket");
}

/** The ledger's own time for a redemption, with what it answered. */
async function redeem(stage: Stage, claims: Document | null): Promise<Sample & { readonly outcome: string }> {
  const { scene } = stage;
  const { ticket } = await largestTicket(stage);
  const stub = env.OWNER_LEDGER.getByName(scene.cast.alice);
  const timed = { milliseconds: 0, reply: null as RedeemReply | null };
  const ledger = await runInDurableObject(stub, (instance) => findHome(instance as object, "redeem"));
  const real = ledger.redeem;
  ledger.redeem = async function (this: unknown, request: unknown) {
    const started = performance.now();
    const reply = await real?.call(this, request);
    timed.milliseconds = performance.now() - started;
    timed.reply = reply as RedeemReply;
    return reply;
  };
  const idToken = claims === null ? undefined : await scene.bob(claims);
  await scene.redeem(ticket, idToken === undefined ? {} : { idToken });
  if (real) ledger.redeem = real;
  return {
    milliseconds: timed.milliseconds,
    bytes: JSON.stringify(timed.reply).length,
    outcome: timed.reply?.outcome ?? "none",
  };
}

type Methods = Record<string, ((...parameters: unknown[]) => Promise<unknown>) | undefined>;

/** The prototype that has a method: only there does another one take its place for calls from outside. */
function findHome(instance: object, method: string): Methods {
  let home = instance;
  while (!Object.hasOwn(home, method)) home = Object.getPrototypeOf(home) as object;
  return home as Methods;
}

async function timeCall(call: () => Promise<{ readonly body: unknown }>): Promise<Sample> {
  const started = performance.now();
  const { body } = await call();
  return { milliseconds: performance.now() - started, bytes: JSON.stringify(body).length };
}

/** @returns the first (cold) and the median of the others, in milliseconds, and the bytes of the last answer */
async function repeat<One extends Sample>(measure: () => Promise<One>): Promise<string> {
  const first = await measure();
  const others: One[] = [];
  for (let round = 0; round < (first.milliseconds > 2_000 ? 1 : ROUNDS); round += 1) others.push(await measure());
  const sorted = others.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const last = others.at(-1);
  const outcome = last && "outcome" in last ? `${last.outcome}, ` : "";
  return `${first.milliseconds.toFixed(1)} / ${median.toFixed(1)} (${outcome}${((last?.bytes ?? 0) / 1024).toFixed(0)} KB)`;
}

const ROLES = list(120, (index) => `role-${index}`);

it.each(Object.keys(KINDS))("%s", { timeout: 3_600_000 }, async (kind) => {
  const stage = await setUp(kind);
  const { scene } = stage;
  const [resource] = stage.resources;
  const { pairs } = await largestTicket(stage);
  const question = {
    resource_id: resource,
    client_id: scene.cast.c1.id,
    party: { issuer: scene.cast.provider.issuer, subject: "bob", claims: { roles: ROLES.slice(0, 100) } },
    caller: { address: "192.0.2.1" },
  };
  const permission = await repeat(async () => (await largestTicket(stage)).sample);
  const needInfo = await repeat(() => redeem(stage, { roles: ROLES, email: "bob@example.com" }));
  const granted = await repeat(() => redeem(stage, { roles: ROLES, key: "yes", email: "bob@example.com" }));
  const answer = await scene.redeem((await largestTicket(stage)).ticket, {
    idToken: await scene.bob({ key: "yes", roles: ROLES }),
  });
  const introspection = await repeat(() =>
    timeCall(async () => ({ body: await scene.introspect(answer.body.access_token ?? "x") })),
  );
  const explain = await repeat(() => timeCall(() => scene.ask("POST", "/explain", question)));
  const who = await repeat(() => timeCall(() => scene.ask("GET", `/resources/${resource}/access`)));
  const cells = [kind, stage.policies, pairs, permission, needInfo, granted, introspection, explain, who];
  console.log(`| ${cells.join(" | ")} |`);
  expect(stage.policies).toBeGreaterThan(0);
});
