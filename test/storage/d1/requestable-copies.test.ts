import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { LEASE_SECONDS } from "../../../src/protocol/lifetimes.ts";
import { D1ResourceStore } from "../../../src/storage/d1/resources.ts";
import { CountingDatabase } from "../../support/workerd/counting-database.ts";
import { freshId, givenCaller, newResource, putConnection } from "../../support/workerd/records.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The store of one isolate, and how often it asks D1 for these resources. */
function isolate() {
  const counting = new CountingDatabase(env.DB);
  const store = new D1ResourceStore(counting.db);
  const hops = (caller: ConnectedCaller, ...ids: readonly string[]) => counting.during(() => load(caller, ...ids));
  const load = (caller: ConnectedCaller, ...ids: readonly string[]) =>
    store.loadForPermission(caller, ids, ({ resources }) => resources.length === ids.length);
  return { store, hops, load };
}

async function register(caller: ConnectedCaller, scopes: readonly string[] = ["view"]): Promise<string> {
  const id = freshId("resource");
  await new D1ResourceStore(env.DB).insert(caller, newResource(id, { resource_scopes: scopes }), 1);
  return id;
}

describe("what a permission request looked at", () => {
  it("serves the same request for a lease", async () => {
    const { hops, load } = isolate();
    const caller = await givenCaller();
    const ids = [await register(caller), await register(caller)];
    const first = await load(caller, ...ids);
    expect(first).toMatchObject({ standing: true, value: { resources: [{}, {}] } });
    expect([await hops(caller, ...ids), await load(caller, ...ids)]).toEqual([0, first]);
    vi.setSystemTime(Date.now() + LEASE_SECONDS * 1_000);
    expect(await hops(caller, ...ids)).toBe(1);
  });

  it("serves no other token, generation, client or owner", async () => {
    const { hops, load } = isolate();
    const caller = await givenCaller();
    const id = await register(caller);
    await hops(caller, id);
    const others: readonly Partial<ConnectedCaller>[] = [
      { tokenId: "other" },
      { generation: 2 },
      { clientId: freshId("server") },
      { ownerId: (await givenCaller()).ownerId },
    ];
    for (const other of others) expect(await hops({ ...caller, ...other }, id)).toBe(1);
    expect(await load({ ...caller, generation: 2 }, id)).toEqual({ standing: false });
  });

  it("serves nobody whom it does not say yes to, and then is read anew", async () => {
    const { store } = isolate();
    const caller = await givenCaller();
    const id = await register(caller);
    await store.loadForPermission(caller, [id], () => true);
    await env.DB.prepare(`UPDATE resources SET scopes = '["edit"]' WHERE id = ?`).bind(id).run();
    const ask = (scope: string) =>
      store.loadForPermission(caller, [id], ({ resources }) => resources[0]?.scopes.includes(scope) === true);
    const scopes = (scope: string) => ({ standing: true, value: { resources: [{ scopes: [scope] }] } });
    expect(await ask("view")).toMatchObject(scopes("view"));
    expect(await ask("edit")).toMatchObject(scopes("edit"));
    expect(await ask("view")).toMatchObject(scopes("edit"));
  });

  it("is not kept where something was absent: it counts as soon as it is there", async () => {
    const { store, load } = isolate();
    const caller = await givenCaller();
    const [id, later] = [await register(caller), freshId("resource")];
    await load(caller, id, later);
    await store.insert(caller, newResource(later, { resource_scopes: [] }), 1);
    expect(await load(caller, id, later)).toMatchObject({ value: { resources: [{}, {}] } });
    const ended = await givenCaller();
    await putConnection(ended, false);
    const own = await register(caller);
    expect(await load(ended, own)).toEqual({ standing: false });
    await putConnection(ended);
    expect(await load(ended, own)).toMatchObject({ standing: true });
  });

  it("is forgotten where a change of its owner passes through, also what is being read meanwhile", async () => {
    const { store, hops, load } = isolate();
    const [caller, stranger] = [await givenCaller(), await givenCaller()];
    const [id, foreign] = [await register(caller), await register(stranger)];
    const sibling = await givenCaller({ ownerId: caller.ownerId });
    const siblings = await register(sibling);
    await Promise.all([hops(caller, id), hops(sibling, siblings), hops(stranger, foreign)]);
    store.forgetCopies(caller.ownerId);
    expect([await hops(caller, id), await hops(sibling, siblings), await hops(stranger, foreign)]).toEqual([1, 1, 0]);
    store.forgetCopies(caller.ownerId);
    const reading = load(caller, id);
    store.forgetCopies(caller.ownerId);
    await reading;
    expect(await hops(caller, id)).toBe(1);
  });

  it("is displaced by nothing that another connection asks for, however much that is", async () => {
    const { hops } = isolate();
    const [caller, greedy] = [await givenCaller(), await givenCaller()];
    const id = await register(caller);
    const large = await Promise.all(
      Array.from({ length: 4 }, () =>
        register(
          greedy,
          Array.from({ length: 80 }, (_, n) => `${n}${"x".repeat(250)}`),
        ),
      ),
    );
    await hops(caller, id);
    for (const one of large) await hops(greedy, one);
    expect(await hops(greedy, large[3] ?? "")).toBe(0);
    expect(await hops(greedy, large[0] ?? "")).toBe(1);
    expect(await hops(caller, id)).toBe(0);
  });
});
