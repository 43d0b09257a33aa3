import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../../../src/ledger/change.ts";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { DEFAULT_QUOTAS } from "../../../src/shared/quotas.ts";
import { D1ResourceStore } from "../../../src/storage/d1/resources.ts";
import { D1SystemOfRecord } from "../../../src/storage/d1/system-of-record.ts";
import { D1UsageStore } from "../../../src/storage/d1/usage.ts";
import { permit } from "../../support/ledger-stage.ts";
import { numbered } from "../../support/numbered-change.ts";
import { givenCaller, newResource } from "../../support/workerd/records.ts";

const NOW = 1_900_000_000;
const DONE = { outcome: "done", version: 1 };
const FULL = { outcome: "limit_reached" };

let caller: ConnectedCaller;

beforeEach(async () => {
  caller = await givenCaller();
});

const usage = () => new D1UsageStore(env.DB).ofOwner(caller.ownerId);
const bytes = (document: unknown) => new TextEncoder().encode(JSON.stringify(document)).length;
const description = (name = "Wedding 📷") => ({ resource_scopes: ["view"], name });

const register = async (store: D1ResourceStore, id: string, text?: string) => {
  const answer = await store.insert(caller, newResource(id, description(text)), NOW);
  return answer.standing && answer.value !== null;
};

/** Applies changes one a batch, from the first epoch on. */
async function apply(record: D1SystemOfRecord, ...changes: readonly Change[]) {
  const start = (await record.position(caller.ownerId))?.epoch ?? 0;
  const results = [];
  for (const [index, change] of changes.entries()) {
    results.push(...(await record.apply(caller.ownerId, [numbered(start + index + 1, change)])));
  }
  return results;
}

const policy = (id: string, name: string, expected: "absent" | "any" = "absent"): Change => ({
  kind: "put_policy",
  id: `${caller.ownerId}-${id}`,
  document: permit({ name, target: { resources: [id] } }),
  expected,
});
const group = (id: string, name: string, expected: "absent" | "any" = "absent"): Change => ({
  kind: "put_group",
  id: `${caller.ownerId}-${id}`,
  document: { name, members: [] },
  expected,
});
const describeAnew = (id: string, text: string): Change => ({
  kind: "update_resource",
  id,
  resourceServerId: caller.clientId,
  description: description(text),
});

/** What the counters should say, counted row by row. */
async function countedAnew() {
  const { results: resources } = await env.DB.prepare(
    `SELECT resource_server_id AS clientId, count(*) AS resources, sum(length(CAST(description AS BLOB))) AS bytes
     FROM resources WHERE owner_id = ? GROUP BY 1`,
  )
    .bind(caller.ownerId)
    .all();
  const documents = await env.DB.prepare(
    `SELECT (SELECT count(*) FROM policies WHERE owner_id = ?1) AS policies,
       (SELECT count(*) FROM owner_groups WHERE owner_id = ?1) AS groups,
       (SELECT coalesce(sum(length(CAST(document AS BLOB))), 0) FROM policies WHERE owner_id = ?1) +
       (SELECT coalesce(sum(length(CAST(document AS BLOB))), 0) FROM owner_groups WHERE owner_id = ?1) AS policyBytes`,
  )
    .bind(caller.ownerId)
    .first();
  return { ...documents, connections: resources };
}

describe("what is used", () => {
  it("is counted through every change, in bytes of UTF-8", async () => {
    const store = new D1ResourceStore(env.DB);
    const record = new D1SystemOfRecord(env.DB);
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await register(store, first);
    await register(store, second);
    await apply(
      record,
      policy("a", "Größe"),
      policy("b", "b"),
      policy("a", "a longer name than before", "any"),
      policy("a", "not there twice"),
      policy("missing", "x", "any"),
      group("g", "Familie 👪"),
      group("h", "h"),
      group("g", "g", "any"),
      describeAnew(first, "much longer than before, as names go"),
      { kind: "delete_resource", id: second, resourceServerId: caller.clientId },
      { kind: "delete_policy", id: `${caller.ownerId}-b`, expected: "any" },
      { kind: "delete_group", id: `${caller.ownerId}-h`, expected: "any" },
    );
    const used = await usage();
    expect(used).toEqual(await countedAnew());
    expect(used).toEqual({
      policies: 1,
      groups: 1,
      policyBytes:
        bytes(permit({ name: "a longer name than before", target: { resources: ["a"] } })) +
        bytes({ name: "g", members: [] }),
      connections: [
        { clientId: caller.clientId, resources: 1, bytes: bytes(description("much longer than before, as names go")) },
      ],
    });
  });

  it("is nothing for an owner of whom nothing is kept", async () => {
    expect(await usage()).toEqual({ policies: 0, groups: 0, policyBytes: 0, connections: [] });
  });

  it("is one resource server's, whatever others of the same owner registered", async () => {
    const other = await givenCaller({ ownerId: caller.ownerId });
    const store = new D1ResourceStore(env.DB, { ...DEFAULT_QUOTAS, resourcesPerConnection: 1 });
    await store.insert(other, newResource(crypto.randomUUID(), description()), NOW);
    expect(await register(store, crypto.randomUUID())).toBe(true);
    expect(await register(store, crypto.randomUUID())).toBe(false);
    expect((await usage()).connections.map(({ resources }) => resources)).toEqual([1, 1]);
  });
});

it("what was there before the counters were is counted when they come", async () => {
  const before = env.TEST_MIGRATIONS.filter(({ name }) => name.startsWith("0001_"));
  const after = env.TEST_MIGRATIONS.filter(({ name }) => name.startsWith("0002_"));
  const object = env.REPLAY_GUARD.get(env.REPLAY_GUARD.newUniqueId());
  const counted = await runInDurableObject(object, (_, { storage: { sql } }) => {
    for (const query of before.flatMap(({ queries }) => queries)) sql.exec(query);
    sql.exec("INSERT INTO owners VALUES ('o', 'organization', 'Alice', 'o', 1), ('p', 'organization', 'Bob', 'p', 1)");
    for (const id of ["r1", "r2"]) sql.exec("INSERT INTO resources VALUES (?, 'o', 's', NULL, '[]', '\"é\"', 1)", id);
    sql.exec("INSERT INTO policies VALUES ('p1', 'o', 1, 1, '{}')");
    sql.exec("INSERT INTO owner_groups VALUES ('g1', 'o', 1, 1, '[1]'), ('g2', 'p', 1, 1, '{}')");
    for (const query of after.flatMap(({ queries }) => queries)) sql.exec(query);
    return ["resource_usage", "policy_usage"].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray());
  });
  expect(counted).toEqual([
    [{ owner_id: "o", resource_server_id: "s", resources: 2, bytes: 8 }],
    [
      { owner_id: "o", policies: 1, groups: 1, bytes: 5 },
      { owner_id: "p", policies: 0, groups: 1, bytes: 2 },
    ],
  ]);
});

describe("a quota of resources", () => {
  it("is not passed by any number of registrations at once", async () => {
    const store = new D1ResourceStore(env.DB, { ...DEFAULT_QUOTAS, resourcesPerConnection: 5 });
    const made = await Promise.all(Array.from({ length: 40 }, () => register(store, crypto.randomUUID())));
    expect(made.filter((one) => one)).toHaveLength(5);
    expect((await usage()).connections).toMatchObject([{ resources: 5 }]);
  });

  it("of bytes is full to the very last", async () => {
    const size = bytes(description());
    const store = new D1ResourceStore(env.DB, { ...DEFAULT_QUOTAS, resourceBytesPerConnection: 3 * size });
    const made = await Promise.all(Array.from({ length: 20 }, () => register(store, crypto.randomUUID())));
    expect(made.filter((one) => one)).toHaveLength(3);
    expect((await usage()).connections).toMatchObject([{ resources: 3, bytes: 3 * size }]);
  });

  it("has room again for what is removed", async () => {
    const quotas = { ...DEFAULT_QUOTAS, resourcesPerConnection: 1 };
    const store = new D1ResourceStore(env.DB, quotas);
    const id = crypto.randomUUID();
    await register(store, id);
    expect(await register(store, crypto.randomUUID())).toBe(false);
    await apply(new D1SystemOfRecord(env.DB, quotas), {
      kind: "delete_resource",
      id,
      resourceServerId: caller.clientId,
    });
    expect(await register(store, crypto.randomUUID())).toBe(true);
  });

  it("lets a description shrink and refuses one that grows, and both are recalled as they went", async () => {
    const id = crypto.randomUUID();
    await register(new D1ResourceStore(env.DB), id, "as long as there is room");
    const record = new D1SystemOfRecord(env.DB, { ...DEFAULT_QUOTAS, resourceBytesPerConnection: 10 });
    const [longer, shorter] = [describeAnew(id, "longer than there is room for it"), describeAnew(id, "short")];
    expect(await apply(record, longer)).toEqual([FULL]);
    expect(await record.recall(caller.ownerId, numbered(1, longer))).toEqual(FULL);
    expect(await apply(record, shorter)).toEqual([{ outcome: "done", version: 2 }]);
    expect(await record.recall(caller.ownerId, numbered(2, shorter))).toEqual({ outcome: "done", version: 2 });
    expect((await usage()).connections).toMatchObject([{ bytes: bytes(description("short")) }]);
  });
});

describe("a quota of policies and groups", () => {
  it.each([
    ["policies", policy, { policiesPerOwner: 2 }],
    ["groups", group, { groupsPerOwner: 2 }],
  ] as const)("counts %s, also within one batch", async (kind, put, limit) => {
    const record = new D1SystemOfRecord(env.DB, { ...DEFAULT_QUOTAS, ...limit });
    const batch = ["a", "b", "c", "d"].map((id, index) => numbered(index + 1, put(id, "x")));
    expect(await record.apply(caller.ownerId, batch)).toEqual([DONE, DONE, FULL, FULL]);
    expect(await usage()).toMatchObject({ [kind]: 2 });
    expect(await apply(record, put("a", "replaced", "any"))).toEqual([{ outcome: "done", version: 2 }]);
  });

  it("takes their bytes together, and what does not grow may always replace", async () => {
    const long = "x".repeat(100);
    await apply(new D1SystemOfRecord(env.DB), policy("a", long), group("g", long));
    const { policyBytes } = await usage();
    const record = new D1SystemOfRecord(env.DB, { ...DEFAULT_QUOTAS, policyBytesPerOwner: policyBytes });
    expect(
      await apply(
        record,
        policy("b", "x"),
        group("h", "x"),
        policy("a", `${long}x`, "any"),
        group("g", `${long}x`, "any"),
        policy("a", "shorter", "any"),
        group("g", `${long}x`, "any"),
      ),
    ).toEqual([FULL, FULL, FULL, FULL, { outcome: "done", version: 2 }, { outcome: "done", version: 2 }]);
    expect(await usage()).toEqual(await countedAnew());
  });
});
