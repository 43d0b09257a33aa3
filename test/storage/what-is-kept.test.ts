import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import told from "../../migrations/README.md?raw";
import wrangler from "../../wrangler.toml?raw";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { liveWholeLife } from "../support/workerd/whole-life.ts";

/** What migrations/README.md tells of one table or key. */
interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'";
/** Of SQLite, of the platform, and of wrangler. */
const FOREIGN = /^(?:sqlite_|_cf_|__cf|d1_migrations$)/;
/** Tables that are made anew as time goes by. */
const DATED = [
  [/^spent_\d+$/, "spent_<end>"],
  [/^activity_\d+$/, "activity_<month>"],
] as const;

function rowsIn(markdown: string): readonly Row[] {
  const rows = [...markdown.matchAll(/^\| (?:key )?`([^`]+)` \| (.*) \|$/gm)];
  return rows.map(([, name = "", rest = ""]) => ({ name, cells: rest.split(" | ") }));
}

/** What is told below a heading, until the next one. */
function namesBelow(heading: string): readonly string[] {
  const section = told.split(/^#{2,3} /m).find((text) => text.startsWith(heading)) ?? "";
  return rowsIn(section)
    .map(({ name }) => name)
    .sort();
}

const OBJECTS = [
  ["OwnerLedgerObject", "OWNER_LEDGER"],
  ["KeyRingObject", "KEY_RING"],
  ["ReplayGuardObject", "REPLAY_GUARD"],
  ["FailureCounterObject", "FAILURE_COUNTER"],
  ["EmailCodeObject", "EMAIL_CODE"],
  ["PacerObject", "PACER"],
  ["WebhookObject", "WEBHOOK"],
  ["RequestLogObject", "REQUEST_LOG"],
] as const;

/** The tables and keys that the objects of this kind have between them. */
async function keptIn(binding: (typeof OBJECTS)[number][1]): Promise<readonly string[]> {
  const namespace = env[binding] as unknown as DurableObjectNamespace;
  const names = await Promise.all((await listDurableObjectIds(namespace)).map((id) => namesIn(namespace.get(id))));
  return [...new Set(names.flat())].sort();
}

function namesIn(stub: DurableObjectStub): Promise<readonly string[]> {
  return runInDurableObject(stub, async (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(TABLES).toArray();
    const own = tables.map(({ name }) => name).filter((name) => !FOREIGN.test(name));
    const undated = own.map((name) => DATED.find(([dated]) => dated.test(name))?.[1] ?? name);
    return [...undated, ...(await storage.list()).keys()];
  });
}

beforeAll(async () => {
  await liveWholeLife();
  // By the end of it a year has passed; what has been dropped meanwhile is made once more.
  const scene = await Scene.open(localWorld());
  await scene.redeem(await scene.ticket(await scene.sharedPhoto()), { idToken: await scene.bob() });
}, 60_000);

it("every table of D1 is told of, and no other", async () => {
  const { results } = await env.DB.prepare(TABLES).all<{ name: string }>();
  const tables = results.map(({ name }) => name).filter((name) => !FOREIGN.test(name));
  expect(namesBelow("D1: ")).toEqual(tables.sort());
});

it.each(OBJECTS)("every table and key of a %s is told of, and no other", async (name, binding) => {
  expect(namesBelow(`\`${name}\``)).toEqual(await keptIn(binding));
});

it("no kind of object is left out", () => {
  const made = [...wrangler.matchAll(/^\[exports\.(\w+)\]$/gm)].map(([, name]) => name).sort();
  const kinds = [...told.matchAll(/^### `(\w+)`/gm)].map(([, name]) => name).sort();
  expect([kinds, OBJECTS.map(([name]) => name).sort()]).toEqual([made, made]);
});

it("of each is told what one row is, how long it lives, and why it is here", () => {
  const rows = rowsIn(told);
  expect(rows.length).toBeGreaterThan(40);
  for (const { name, cells } of rows) {
    expect(
      cells.map((cell) => cell.length > 4),
      name,
    ).toEqual([true, true, true]);
  }
});
