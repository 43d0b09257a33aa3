import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../../src/protocol/wire/connection.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1ConnectionStore } from "../../../src/storage/d1/connections.ts";
import { D1PolicyStore } from "../../../src/storage/d1/policies.ts";
import { D1ResourceStore } from "../../../src/storage/d1/resources.ts";
import { D1SystemOfRecord } from "../../../src/storage/d1/system-of-record.ts";
import { numbered } from "../../support/numbered-change.ts";
import { CountingDatabase } from "../../support/workerd/counting-database.ts";
import { freshId, givenCaller, newResource, putConnection, someClient } from "../../support/workerd/records.ts";

const resources = () => new D1ResourceStore(env.DB);
const policies = () => new D1PolicyStore(env.DB);
const EVERYTHING = { name: null, uri: null, collection: null };
const ALBUM = { name: "Holiday", type: "album", resource_scopes: ["view", "print"], "name#fr": "Vacances" };

async function givenResource(caller: ConnectedCaller, id = freshId("resource")): Promise<string> {
  await resources().insert(caller, newResource(id, ALBUM), 1_700_000_000);
  return id;
}

async function givenDocument(table: "policies" | "owner_groups", ownerId: string, document: object): Promise<string> {
  const id = freshId("document");
  await env.DB.prepare(`INSERT INTO ${table} (id, owner_id, version, epoch, document) VALUES (?1, ?2, 3, 1, ?3)`)
    .bind(id, ownerId, JSON.stringify(document))
    .run();
  return id;
}

/** A resource with a policy of its own. */
async function givenSharedResource(caller: ConnectedCaller): Promise<string> {
  const id = await givenResource(caller);
  const document = { effect: "permit", target: { resources: [id] }, scopes: "all", who: { anyone: true } };
  const policy = await givenDocument("policies", caller.ownerId, document);
  await env.DB.prepare("INSERT INTO policy_targets (owner_id, kind, value, policy_id) VALUES (?1, 'resource', ?2, ?3)")
    .bind(caller.ownerId, id, policy)
    .run();
  return id;
}

async function revokeToken({ ownerId, clientId, tokenId }: ConnectedCaller): Promise<void> {
  const change = { kind: "revoke_token", clientId, tokenId, expiresAt: 2_000_000_000 } as const;
  await new D1SystemOfRecord(env.DB).apply(ownerId, [numbered(1, change)]);
}

/** Callers whose connection does not stand, each made of one that does. */
const FALLEN: readonly [string, (caller: ConnectedCaller) => Promise<ConnectedCaller>][] = [
  ["an ended connection", async (caller) => putConnection(caller, false).then(() => caller)],
  ["an earlier generation", async (caller) => putConnection({ ...caller, generation: 2 }).then(() => caller)],
  ["a later generation", async (caller) => ({ ...caller, generation: 2 })],
  ["a token that was revoked", async (caller) => revokeToken(caller).then(() => caller)],
  ["another client", async (caller) => ({ ...caller, clientId: freshId("stranger") })],
  ["another owner", async (caller) => ({ ...caller, ownerId: (await givenCaller()).ownerId })],
  ["a connection without scopes", async (caller) => putConnection({ ...caller, scopes: [] }).then(() => caller)],
];

describe.each(FALLEN)("under %s", (_, fall) => {
  it("nothing is read", async () => {
    const standing = await givenCaller();
    const id = await givenResource(standing);
    const caller = await fall(standing);
    const answers = await Promise.all([
      resources().find(caller, id),
      resources().list(caller, EVERYTHING),
      resources().loadForPermission(caller, [id], () => true),
      policies().find(caller, id),
      policies().list(caller, null, 5),
      policies().findGroup(caller, id),
      policies().findGroups(caller, [id]),
      policies().listGroups(caller, null, 5),
    ]);
    expect(answers).toEqual(answers.map(() => ({ standing: false })));
    expect(await new D1ConnectionStore(env.DB).stands(caller, PROTECTION_SCOPE)).toBe(false);
  });

  it("nothing is written", async () => {
    const caller = await fall(await givenCaller());
    const id = freshId("resource");
    expect(await resources().insert(caller, newResource(id, ALBUM), 1)).toEqual({ standing: false });
    expect(await env.DB.prepare("SELECT id FROM resources WHERE id = ?").bind(id).first()).toBeNull();
  });
});

it("a connection stands for its own scopes alone", async () => {
  const host = await givenCaller({ scopes: [PROTECTION_SCOPE] });
  const tool = await givenCaller({ scopes: [POLICY_SCOPE] });
  expect((await resources().list(host, EVERYTHING)).standing).toBe(true);
  expect((await policies().list(host, null, 5)).standing).toBe(false);
  expect((await resources().list(tool, EVERYTHING)).standing).toBe(false);
  expect((await policies().list(tool, null, 5)).standing).toBe(true);
  const connections = new D1ConnectionStore(env.DB);
  expect(await connections.stands(tool, POLICY_SCOPE)).toBe(true);
  expect(await connections.stands(tool, PROTECTION_SCOPE)).toBe(false);
});

describe("resources", () => {
  it("come back as they were described", async () => {
    const caller = await givenCaller();
    const id = await givenResource(caller);
    const value = {
      id,
      ownerId: caller.ownerId,
      resourceServerId: caller.clientId,
      description: ALBUM,
      externalId: null,
      version: 1,
    };
    expect(await resources().find(caller, id)).toEqual({ standing: true, value });
    expect(await resources().list(caller, EVERYTHING)).toEqual({ standing: true, value: [id] });
  });

  it("are hidden from other owners and other resource servers", async () => {
    const caller = await givenCaller();
    const id = await givenResource(caller);
    const otherOwner = await givenCaller({ clientId: caller.clientId });
    const otherServer = await givenCaller({ ownerId: caller.ownerId });
    for (const stranger of [otherOwner, otherServer]) {
      expect(await resources().find(stranger, id)).toEqual({ standing: true, value: null });
      expect(await resources().list(stranger, EVERYTHING)).toEqual({ standing: true, value: [] });
      const loaded = await resources().loadForPermission(stranger, [id], () => true);
      expect(loaded).toEqual({
        standing: true,
        value: { ledger: stranger.ownerId, rptFormat: "jwt", resources: [], steps: 0 },
      });
    }
  });

  it("are loaded for a permission with the owner's ledger, absent ones left out", async () => {
    const caller = await givenCaller();
    const id = await givenResource(caller);
    await givenResource(caller);
    const facts = { id, resourceServerId: caller.clientId, type: "album", collections: [], scopes: ["view", "print"] };
    const loaded = await resources().loadForPermission(caller, [id, "absent", id], () => true);
    const value = { ledger: caller.ownerId, rptFormat: "jwt", resources: [facts], steps: 0 };
    expect(loaded).toEqual({ standing: true, value });
  });

  it("are loaded for a permission with what their resource server wants, and not at all when it is gone", async () => {
    const client = someClient({ rptFormat: "opaque" });
    const clients = new D1ClientStore(env.DB);
    await clients.insert(client);
    const caller = await givenCaller({ clientId: client.id });
    const id = await givenResource(caller);
    const load = () => resources().loadForPermission(caller, [id], () => true);
    expect(await load()).toMatchObject({ standing: true, value: { rptFormat: "opaque" } });
    await clients.remove(client.id, null);
    expect(await load()).toEqual({ standing: false });
  });

  it("cost a permission request and an assessment the same however many there are, each with a policy", async () => {
    const caller = await givenCaller();
    const id = await givenSharedResource(caller);
    const measured = measuring(env.DB);
    const rowsRead = async (work: () => Promise<unknown>) => {
      measured.rowsRead = 0;
      await work();
      return measured.rowsRead;
    };
    const permission = () =>
      rowsRead(() => new D1ResourceStore(measured.db).loadForPermission(caller, [id], () => true));
    const assessment = () => rowsRead(() => new D1SystemOfRecord(measured.db).load(caller.ownerId, [id]));
    await givenSharedResource(caller);
    const few = [await permission(), await assessment()];
    await Promise.all(Array.from({ length: 60 }, () => givenSharedResource(caller)));
    expect([await permission(), await assessment()]).toEqual(few);
    expect(Math.max(...few)).toBeLessThan(40);
  });

  it("cost the same in a collection however many are in it", async () => {
    const caller = await givenCaller();
    const collection = await givenSharedResource(caller);
    const givenMember = async () => {
      const id = freshId("resource");
      await resources().insert(caller, newResource(id, { ...ALBUM, collections: [collection] }), 1_700_000_000);
      return id;
    };
    const id = await givenMember();
    for (let others = 0; others < 3; others += 1) await givenMember();
    const measured = measuring(env.DB);
    const record = new D1SystemOfRecord(measured.db);
    const few = await record.load(caller.ownerId, [id]);
    const rowsOfFew = measured.rowsRead;
    await Promise.all(Array.from({ length: 60 }, givenMember));
    measured.rowsRead = 0;
    expect(await record.load(caller.ownerId, [id])).toEqual(few);
    expect(few).toMatchObject({ resources: [{ collections: [collection] }], policies: [{}] });
    expect(measured.rowsRead).toBe(rowsOfFew);
  });
});

describe("policies and groups", () => {
  it("come back with their version, and to their owner alone", async () => {
    const caller = await givenCaller();
    const stranger = await givenCaller({ clientId: caller.clientId });
    const policy = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } };
    const group = { name: "Family", members: [] };
    const policyId = await givenDocument("policies", caller.ownerId, policy);
    const groupId = await givenDocument("owner_groups", caller.ownerId, group);
    const found = { standing: true, value: { id: policyId, version: 3, document: policy } };
    expect(await policies().find(caller, policyId)).toEqual(found);
    expect(await policies().findGroup(caller, groupId)).toEqual({
      standing: true,
      value: { id: groupId, version: 3, document: group },
    });
    expect(await policies().findGroups(caller, [groupId, policyId, "' OR 1=1"])).toEqual({
      standing: true,
      value: [{ id: groupId, version: 3, document: group }],
    });
    expect(await policies().findGroups(stranger, [groupId])).toEqual({ standing: true, value: [] });
    expect(await policies().find(caller, groupId)).toEqual({ standing: true, value: null });
    expect(await policies().find(stranger, policyId)).toEqual({ standing: true, value: null });
    expect(await policies().findGroup(stranger, groupId)).toEqual({ standing: true, value: null });
  });

  it("are listed page by page", async () => {
    const caller = await givenCaller();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await givenDocument("policies", caller.ownerId, { n }));
    await givenDocument("policies", (await givenCaller()).ownerId, {});
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await policies().list(caller, cursor, 2);
      if (!page.standing) throw new Error("the connection stands");
      listed.push(...page.value.items.map(({ id }) => id));
      cursor = page.value.next;
    } while (cursor !== null);
    expect(listed).toEqual(ids);
  });
});

it("each call under a connection is one round trip", async () => {
  const caller = await givenCaller();
  const id = await givenResource(caller);
  const counting = new CountingDatabase(env.DB);
  const counted = { resources: new D1ResourceStore(counting.db), policies: new D1PolicyStore(counting.db) };
  const calls: (() => Promise<unknown>)[] = [
    () => counted.resources.find(caller, id),
    () => counted.resources.findIds(caller, [id]),
    () => counted.resources.list(caller, EVERYTHING),
    () => counted.resources.listPage(caller, EVERYTHING, { cursor: null, limit: 5 }),
    () => counted.resources.insert(caller, newResource(freshId("resource"), ALBUM), 1),
    () => counted.resources.loadForPermission(caller, [id], () => true),
    () => counted.policies.find(caller, id),
    () => counted.policies.list(caller, null, 5),
  ];
  for (const call of calls) expect(await counting.during(call)).toBe(1);
});

/** Adds up what D1 says it read. */
function measuring(db: D1Database) {
  const measured = {
    rowsRead: 0,
    db: new Proxy(db, {
      get: (target, name) => {
        if (name !== "batch") return (query: string) => target.prepare(query);
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          measured.rowsRead += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
          return results;
        };
      },
    }),
  };
  return measured;
}
