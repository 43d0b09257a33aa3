import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Change, DocumentChange } from "../../../src/ledger/change.ts";
import { ChangeRefused } from "../../../src/ledger/record.ts";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { type ConnectionScope, PROTECTION_SCOPE } from "../../../src/protocol/wire/connection.ts";
import { POLICIES_PER_TARGET } from "../../../src/storage/d1/change-statements.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1SystemOfRecord } from "../../../src/storage/d1/system-of-record.ts";
import { permit } from "../../support/ledger-stage.ts";
import { givenResource, numbered } from "../../support/numbered-change.ts";
import { CountingDatabase } from "../../support/workerd/counting-database.ts";
import { givenAccount } from "../../support/workerd/people.ts";
import { givenOwner, someClient } from "../../support/workerd/records.ts";

const RS = "rs1";

let record: D1SystemOfRecord;
let owner: string;
let photo: string;
let album: string;

beforeEach(async () => {
  record = new D1SystemOfRecord(env.DB);
  owner = (await givenOwner()).id;
  [photo, album] = [await givenResource(owner, RS, "picture"), await givenResource(owner, RS, null)];
});

function create(document: Partial<PolicyBody> = {}, id: string = crypto.randomUUID()): DocumentChange {
  return { kind: "put_policy", id, document: permit(document), expected: "absent" };
}

/** Applies changes one a batch, from the first epoch on. */
async function apply(...changes: readonly Change[]) {
  const results = [];
  for (const [index, change] of changes.entries())
    results.push(...(await record.apply(owner, [numbered(index + 1, change)])));
  return results;
}

async function idsFor(...resources: readonly string[]): Promise<readonly string[]> {
  return (await record.load(owner, resources)).policies.map(({ id }) => id).sort();
}

describe("rule 2: only the next epoch", () => {
  it("starts at none and tells where it stands", async () => {
    expect(await record.position(owner)).toMatchObject({ epoch: 0 });
    await apply(create());
    expect(await record.position(owner)).toEqual({ epoch: 1, operationId: "operation-1" });
    expect(await record.position("nobody")).toBeNull();
  });

  it.each([
    ["a gap", [2]],
    ["a gap within the batch", [1, 3]],
    ["a repeat within the batch", [1, 1]],
    ["a batch that starts too early", [0, 1]],
  ])("%s fails whole", async (_case, epochs) => {
    const changes = epochs.map((epoch) => numbered(epoch, create()));
    const failure = await record.apply(owner, changes).catch((error: unknown) => error);
    expect(String(failure)).toContain("epoch out of turn");
    expect(failure).not.toBeInstanceOf(ChangeRefused);
    expect(await idsFor(photo)).toEqual([]);
    expect(await record.position(owner)).toMatchObject({ epoch: 0 });
  });

  it("a latecomer fails whole", async () => {
    const batch = [numbered(1, create()), numbered(2, create())];
    await record.apply(owner, batch);
    const before = await idsFor(photo);
    await expect(record.apply(owner, batch)).rejects.toThrow("epoch out of turn");
    await expect(record.applyVoid(owner, 2, "void:operation-2")).rejects.toThrow("epoch out of turn");
    expect(await idsFor(photo)).toEqual(before);
  });

  it("one of two that come at once is taken", async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => record.apply(owner, [numbered(1, create())])));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await idsFor(photo)).toHaveLength(1);
  });

  it("a void takes an epoch with nothing in it", async () => {
    await record.applyVoid(owner, 1, "void:operation-1");
    expect(await record.position(owner)).toEqual({ epoch: 1, operationId: "void:operation-1" });
  });

  it("owners do not get into each other's way", async () => {
    const other = (await givenOwner()).id;
    const change = create();
    await apply(change);
    await record.apply(other, [numbered(1, { ...change, kind: "delete_policy", expected: "any" })]);
    expect(await idsFor(photo)).toEqual([change.id]);
  });

  it("nothing is taken for an owner that is not there", async () => {
    await expect(record.apply("nobody", [numbered(1, create())])).rejects.toThrow();
    expect(await record.load("nobody", [photo])).toEqual({ epoch: null, resources: [], policies: [], groups: [] });
  });

  it("what D1 cannot hold is refused for good, with its whole batch", async () => {
    const bad = create({ target: { resources: [null as unknown as string] } });
    await expect(record.apply(owner, [numbered(1, create()), numbered(2, bad)])).rejects.toBeInstanceOf(ChangeRefused);
    expect(await record.position(owner)).toMatchObject({ epoch: 0 });
  });

  it("a table that is missing while a release rolls out refuses nothing for good", async () => {
    const prepare = (query: string) => env.DB.prepare(query.replaceAll("policy_targets", "targets_to_come"));
    const behind = new Proxy(env.DB, {
      get: (target, name) => (name === "prepare" ? prepare : target.batch.bind(target)),
    });
    const failure = await new D1SystemOfRecord(behind).apply(owner, [numbered(1, create())]).catch((error) => error);
    expect(String(failure)).toContain("no such table");
    expect(failure).not.toBeInstanceOf(ChangeRefused);
    expect(await record.position(owner)).toMatchObject({ epoch: 0 });
  });
});

describe("versions", () => {
  const update = (id: string, expected: "any" | number): DocumentChange =>
    ({ ...create({}, id), expected }) as DocumentChange;
  const remove = (id: string, expected: "any" | number): DocumentChange => ({ kind: "delete_policy", id, expected });

  it("a change applies to the version it expects", async () => {
    expect(
      await apply(
        create({}, `${owner}-a`),
        update(`${owner}-a`, 1),
        update(`${owner}-a`, 1),
        update(`${owner}-a`, "any"),
        remove(`${owner}-a`, 1),
        remove(`${owner}-a`, 3),
        remove(`${owner}-a`, "any"),
        update(`${owner}-a`, "any"),
      ),
    ).toEqual([
      { outcome: "done", version: 1 },
      { outcome: "done", version: 2 },
      { outcome: "version_mismatch", version: 2 },
      { outcome: "done", version: 3 },
      { outcome: "version_mismatch", version: 3 },
      { outcome: "done", version: 0 },
      { outcome: "not_found" },
      { outcome: "not_found" },
    ]);
  });

  it("what would be refused is foreseen, with the epoch it is true for", async () => {
    const [here, elsewhere] = [`${owner}-a`, (await givenOwner()).id];
    await apply(create({}, here), update(here, 1));
    const foresee = (change: DocumentChange, ownerId = owner) => record.foresee(ownerId, change);
    const mismatch = { outcome: "version_mismatch", version: 2 };
    expect(await foresee(update(here, 2))).toEqual({ epoch: 2, refusal: null });
    expect(await foresee(update(here, "any"))).toEqual({ epoch: 2, refusal: null });
    expect(await foresee(update(here, 1))).toEqual({ epoch: 2, refusal: mismatch });
    expect(await foresee(remove(here, 3))).toEqual({ epoch: 2, refusal: mismatch });
    expect(await foresee(remove(`${owner}-b`, "any"))).toEqual({ epoch: 2, refusal: { outcome: "not_found" } });
    expect(await foresee(remove(here, "any"), elsewhere)).toEqual({ epoch: 0, refusal: { outcome: "not_found" } });
    expect(await foresee(remove(here, "any"), "nobody")).toMatchObject({ epoch: null });
  });

  it("what is there already is not made anew", async () => {
    const change = create();
    expect(await apply(change, change)).toEqual([
      { outcome: "done", version: 1 },
      { outcome: "version_mismatch", version: 1 },
    ]);
  });
});

describe("limits", () => {
  it("no more policies about the same thing than one assessment reads", async () => {
    const made = Array.from({ length: POLICIES_PER_TARGET }, (_, index) => numbered(index + 1, create()));
    for (let start = 0; start < made.length; start += 50) await record.apply(owner, made.slice(start, start + 50));
    const next = made.length + 1;
    const [full, elsewhere, moved, kept] = await record.apply(owner, [
      numbered(next, create()),
      numbered(next + 1, create({ target: { resources: [album] } }, `${owner}-album`)),
      numbered(next + 2, { ...create({}, `${owner}-album`), expected: "any" } as Change),
      numbered(next + 3, { ...made[0]?.change, expected: 1 } as Change),
    ]);
    expect(full).toEqual({ outcome: "limit_reached" });
    expect(elsewhere).toEqual({ outcome: "done", version: 1 });
    expect(moved).toEqual({ outcome: "limit_reached" });
    expect(kept).toEqual({ outcome: "done", version: 2 });
    expect((await record.load(owner, [album])).policies.find(({ id }) => id === `${owner}-album`)?.version).toBe(1);
  });
});

describe("what an assessment reads", () => {
  it("is the resources that are there, the policies about them, and the groups these name", async () => {
    const [all, type, one, other] = [
      { all: true },
      { type: "picture" },
      { resources: [photo, album] },
      { resources: ["x"] },
    ] as const;
    const named = create({ target: type, who: { any: [{ group: `${owner}-g` }, { not: { group: `${owner}-h` } }] } });
    const changes = [create({ target: all }), named, create({ target: one }), create({ target: other })];
    const group = (id: string): Change => ({
      kind: "put_group",
      id,
      document: { name: "g", members: [] },
      expected: "absent",
    });
    await apply(...changes, group(`${owner}-g`), group(`${owner}-unnamed`));
    const [everywhere, pictures, listed] = changes.map(({ id }) => id);
    const facts = await record.load(owner, [photo, "gone"]);
    expect(facts).toMatchObject({
      epoch: 6,
      resources: [{ id: photo, resourceServerId: RS, type: "picture", scopes: ["view"] }],
    });
    expect(facts.groups.map(({ id }) => id)).toEqual([`${owner}-g`]);
    expect(await idsFor(photo)).toEqual([everywhere, pictures, listed].sort());
    expect(await idsFor(album)).toEqual([everywhere, listed].sort());
    expect(await record.load((await givenOwner()).id, [photo])).toMatchObject({ resources: [], policies: [] });
  });

  it("follows a policy to what it is about now, and forgets it whole", async () => {
    const { id } = create();
    const about = (target: PolicyBody["target"], expected: "absent" | "any"): Change =>
      ({ ...create({ target }, id), expected }) as Change;
    await apply(about({ resources: [photo] }, "absent"), about({ resources: [album] }, "any"));
    expect([await idsFor(photo), await idsFor(album)]).toEqual([[], [id]]);
    await record.apply(owner, [numbered(3, { kind: "delete_policy", id, expected: "any" })]);
    const { results } = await env.DB.prepare("SELECT * FROM policy_targets WHERE owner_id = ?").bind(owner).all();
    expect(results).toEqual([]);
  });

  it("follows a resource to its type", async () => {
    const typed = create({ target: { type: "picture" } });
    const description = { resource_scopes: ["print"], name: "Wedding" };
    await apply(typed, { kind: "update_resource", id: photo, resourceServerId: RS, description });
    expect(await record.load(owner, [photo])).toMatchObject({
      resources: [{ type: null, scopes: ["print"] }],
      policies: [],
    });
    const elsewhere = { kind: "delete_resource", id: photo, resourceServerId: "rs2" } as const;
    expect(await record.apply(owner, [numbered(3, elsewhere)])).toEqual([{ outcome: "not_found" }]);
    expect(await record.apply(owner, [numbered(4, { ...elsewhere, resourceServerId: RS })])).toMatchObject([
      { outcome: "done" },
    ]);
    expect(await record.load(owner, [photo])).toMatchObject({ resources: [] });
  });
});

describe("the version of a resource", () => {
  const update = (version?: number): Change => {
    const change = { kind: "update_resource", id: photo, resourceServerId: RS, description: DESCRIPTION } as const;
    return version === undefined ? change : { ...change, version };
  };
  const DESCRIPTION = { resource_scopes: ["print"] };

  it("is what a change may be meant for, and goes up with each", async () => {
    expect(await record.apply(owner, [numbered(1, update())])).toEqual([{ outcome: "done", version: 2 }]);
    const mismatch = { outcome: "version_mismatch", version: 2 };
    expect(await record.apply(owner, [numbered(2, update(1))])).toEqual([mismatch]);
    expect(await record.recall(owner, numbered(2, update(1)))).toEqual(mismatch);
    const removal = { kind: "delete_resource", id: photo, resourceServerId: RS } as const;
    expect(await record.apply(owner, [numbered(3, { ...removal, version: 1 })])).toEqual([mismatch]);
    expect(await record.apply(owner, [numbered(4, update(2))])).toEqual([{ outcome: "done", version: 3 }]);
    expect(await record.recall(owner, numbered(4, update(2)))).toEqual({ outcome: "done", version: 3 });
    expect(await record.apply(owner, [numbered(5, { ...removal, version: 3 })])).toMatchObject([{ outcome: "done" }]);
  });

  it("goes up also where code from before there were versions writes", async () => {
    const old = "UPDATE resources SET type = NULL, scopes = '[]', description = '{}' WHERE id = ?";
    await env.DB.prepare(old).bind(photo).run();
    expect(await record.apply(owner, [numbered(1, update(1))])).toEqual([{ outcome: "version_mismatch", version: 2 }]);
  });
});

describe("connections", () => {
  let server: string;
  beforeEach(async () => {
    server = crypto.randomUUID();
    await new D1ClientStore(env.DB).insert(someClient({ id: server }));
  });

  const connection = () =>
    env.DB.prepare("SELECT generation, active FROM connections WHERE owner_id = ?").bind(owner).first();
  const put = (): Change => ({ kind: "put_connection", clientId: server, scopes: [PROTECTION_SCOPE] });
  const end = (resources: "keep" | "remove"): Change => ({ kind: "end_connection", clientId: server, resources });

  it("take the epoch for their generation, so it never comes again", async () => {
    expect(await record.apply(owner, [numbered(1, end("keep"))])).toEqual([{ outcome: "not_found" }]);
    expect(await record.apply(owner, [numbered(2, put())])).toEqual([{ outcome: "done", version: 2 }]);
    expect(await connection()).toEqual({ generation: 2, active: 1 });
    expect(await record.apply(owner, [numbered(3, end("keep"))])).toEqual([{ outcome: "done", version: 3 }]);
    expect(await connection()).toEqual({ generation: 3, active: 0 });
  });

  it("are made to no client that was removed meanwhile, and none comes back that had ended", async () => {
    await apply(put(), end("keep"));
    await new D1ClientStore(env.DB).remove(server, null);
    expect(await record.apply(owner, [numbered(3, put())])).toEqual([{ outcome: "not_found" }]);
    expect(await connection()).toEqual({ generation: 2, active: 0 });
    const never = crypto.randomUUID();
    const change = { ...put(), clientId: never } as Change;
    expect(await record.apply(owner, [numbered(4, change)])).toEqual([{ outcome: "not_found" }]);
  });

  describe("that a person allows", () => {
    const AT = numbered(1, create()).at;
    const allow = (...scopes: ConnectionScope[]): Change => ({ kind: "allow_connection", clientId: server, scopes });
    const scopes = () =>
      env.DB.prepare("SELECT scopes FROM connections WHERE owner_id = ?").bind(owner).first<string>("scopes");
    let ana: string;

    const administer = async (beginsAt: number, endsAt: number | null) => {
      const { id } = await givenAccount();
      const insert =
        "INSERT INTO administrators (owner_id, account_id, role, begins_at, ends_at) VALUES (?, ?, ?, ?, ?)";
      await env.DB.prepare(insert).bind(owner, id, "administrator", beginsAt, endsAt).run();
      return id;
    };

    beforeEach(async () => {
      ana = await administer(AT, AT + 1);
    });

    it("begin where none stands, and go on in their generation with more scopes where one does", async () => {
      expect(await record.apply(owner, [numbered(1, allow("uma_policy"), ana)])).toEqual([
        { outcome: "done", version: 1 },
      ]);
      const more = numbered(2, allow("uma_protection"), ana);
      expect(await record.apply(owner, [more])).toEqual([{ outcome: "done", version: 1 }]);
      expect(await record.recall(owner, more)).toEqual({ outcome: "done", version: 1 });
      expect(await connection()).toEqual({ generation: 1, active: 1 });
      expect(JSON.parse((await scopes()) ?? "")).toEqual(["uma_policy", "uma_protection"]);
    });

    it("begin anew, with what was allowed now and no more, where one has ended", async () => {
      await apply(put(), end("keep"));
      const allowed = numbered(3, allow("uma_policy"), ana);
      expect(await record.apply(owner, [allowed])).toEqual([{ outcome: "done", version: 3 }]);
      expect(await connection()).toEqual({ generation: 3, active: 1 });
      expect(await scopes()).toBe('["uma_policy"]');
    });

    it("stay as they are for whoever is no administrator, or not at that time", async () => {
      await apply(put());
      const others = [(await givenAccount()).id, await administer(AT + 1, null), await administer(AT - 1, AT)];
      for (const [index, account] of others.entries()) {
        const change = numbered(index + 2, allow("uma_policy"), account);
        expect(await record.apply(owner, [change])).toEqual([{ outcome: "not_found" }]);
        expect(await record.recall(owner, change)).toEqual({ outcome: "not_found" });
      }
      expect(await scopes()).toBe('["uma_protection"]');
    });

    it("are made to no client that was removed meanwhile", async () => {
      await new D1ClientStore(env.DB).remove(server, null);
      expect(await record.apply(owner, [numbered(1, allow("uma_policy"), ana)])).toEqual([{ outcome: "not_found" }]);
    });
  });

  it("leave the resources of their server, or end with them, a slice at a time, and with no others", async () => {
    const count = () =>
      env.DB.prepare("SELECT count(*) AS n FROM resources WHERE owner_id = ? AND resource_server_id = ?")
        .bind(owner, server)
        .first("n");
    await apply(put());
    await env.DB.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
       INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
       SELECT ?1 || i, ?2, ?1, NULL, '[]', '{}', 1 FROM n`,
    )
      .bind(server, owner)
      .run();
    await record.apply(owner, [numbered(2, end("keep"))]);
    expect(await count()).toBe(6_000);
    await record.apply(owner, [numbered(3, end("remove"))]);
    expect(await count()).toBe(1_000);
    await record.apply(owner, [numbered(4, end("remove"))]);
    expect(await count()).toBe(0);
    expect((await record.load(owner, [photo, album])).resources).toHaveLength(2);
  });
});

describe("round trips", () => {
  it("every call is one", async () => {
    const counting = new CountingDatabase(env.DB);
    const counted = new D1SystemOfRecord(counting.db);
    const batch = [numbered(1, create()), numbered(2, create()), numbered(3, create())];
    expect(await counting.during(() => counted.apply(owner, batch))).toBe(1);
    expect(await counting.during(() => counted.load(owner, [photo, album]))).toBe(1);
    expect(await counting.during(() => counted.position(owner))).toBe(1);
    expect(await counting.during(() => counted.foresee(owner, create()))).toBe(1);
    expect(await counting.during(() => counted.recall(owner, numbered(1, create())))).toBe(1);
    expect(await counting.during(() => counted.applyVoid(owner, 4, "void"))).toBe(1);
  });

  it("no more work about the same thing than one assessment can do", async () => {
    const groups = Array.from({ length: 30 }, (_, index) => ({ group: `g${index}` }));
    const heavy = () => create({ who: { any: groups } });
    const made = Array.from({ length: 4 }, (_, index) => numbered(index + 1, heavy()));
    const results = await record.apply(owner, made);
    expect(results.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "limit_reached"]);
    const [elsewhere, light, same] = await record.apply(owner, [
      numbered(5, create({ who: { any: groups }, target: { resources: [album] } })),
      numbered(6, create()),
      numbered(7, { ...made[0]?.change, expected: 1 } as Change),
    ]);
    expect([elsewhere, light, same].map((result) => result?.outcome)).toEqual(["done", "done", "done"]);
  });
});
