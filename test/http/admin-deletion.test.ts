import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TOMBSTONE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { Scene } from "../support/server/scene.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { rowsThatName } from "../support/workerd/stored-content.ts";

const world = localWorld();
const remove = (owner: string) => world.admin("DELETE", `/owners/${owner}`);
const deletionOf = (owner: string) => world.admin("GET", `/owners/${owner}/deletion`);

afterEach(() => {
  vi.useRealTimers();
});

/** Lets the alarm of an owner's ledger ring until nothing is left to do for now. */
async function settle(owner: string): Promise<void> {
  for (let time = 0; time < 5; time += 1) await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(owner));
}

describe("an owner whom the operator deletes", () => {
  it("shares nothing any more when the answer comes", async () => {
    const scene = await Scene.open(world);
    const photo = await scene.sharedPhoto();
    const [ticket, later] = [await scene.ticket(photo), await scene.ticket(photo)];
    const rpt = text(await scene.redeem(ticket, { idToken: await scene.bob() }), "access_token");
    expect((await scene.rs1.introspect(rpt)).body.active).toBe(true);

    const deleted = expectStatus(await remove(scene.cast.alice), 202);
    expect(deleted.body).toEqual({
      owner_id: scene.cast.alice,
      requested_by: "operator",
      requested_at: expect.any(Number),
      closed_at: expect.any(Number),
      erased_at: null,
    });
    expect((await scene.rs1.introspect(rpt)).status).toBe(401);
    expect(await scene.redeem(later, { idToken: await scene.bob() })).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect((await scene.ask("GET", "/policies")).status).toBe(401);
    const description = { resource_scopes: ["view"] };
    expect((await world.send("POST", "/resources", { bearer: scene.pat, json: description })).status).toBe(401);
    const asked = { resource_id: photo, resource_scopes: ["view"] };
    expect((await world.send("POST", "/permission", { bearer: scene.pat, json: asked })).status).toBe(401);
  });

  it("leaves nothing but the bare id, and for a while that a ledger was there", async () => {
    const scene = await Scene.open(world);
    await scene.redeem(await scene.ticket(await scene.sharedPhoto()), { idToken: await scene.bob() });
    await scene.ask("POST", "/groups", { name: "Friends", members: [{ email: "eve@example.com" }] });
    const { alice } = scene.cast;
    await world.admin("POST", `/owners/${alice}/invitations`, { role: "administrator" });
    expect(await rowsThatName(alice)).not.toEqual({ deletions: 1 });

    await remove(alice);
    await settle(alice);
    expect(await rowsThatName(alice)).toEqual({ deletions: 1 });
    expect((await deletionOf(alice)).body.erased_at).toEqual(expect.any(Number));
    expect((await world.admin("GET", `/owners/${alice}`)).status).toBe(404);
    const ledger = env.OWNER_LEDGER.getByName(alice);
    const left = () => runInDurableObject(ledger, async (_, { storage }) => [...(await storage.list()).keys()]);
    expect(await left()).toEqual(["closure"]);

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + (TOMBSTONE_SECONDS + 60) * 1_000 });
    await settle(alice);
    expect(await left()).toEqual([]);
    expect((await remove(alice)).status).toBe(202);
  });

  it("takes the account of the person along, whose sessions end", async () => {
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    expect((await browser.open("/account")).status).toBe(200);
    await remove(ana.ownerId);
    expect((await browser.open("/account")).status).toBe(303);
    await settle(ana.ownerId);
    expect(await rowsThatName(ana.account.id)).toEqual({});
  });

  it("is unknown where there is none, and its end is where nobody asked for it", async () => {
    expect((await remove("nobody")).status).toBe(404);
    expect((await deletionOf("nobody")).status).toBe(404);
    const owner = await world.owner("Lakeside Clinic");
    expect((await deletionOf(owner)).status).toBe(404);
  });

  it("stands in the list of those who are going, or gone", async () => {
    const owner = await world.owner("Lakeside Clinic");
    await remove(owner);
    const { body } = await world.admin("GET", "/deletions?limit=200");
    expect(body.items?.map(({ owner_id }) => owner_id)).toContain(owner);
  });

  it("is connected to no client that is removed meanwhile", async () => {
    const scene = await Scene.open(world);
    await scene.sharedPhoto();
    await remove(scene.cast.alice);
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    // 202 where what it registered still goes.
    expect([202, 204]).toContain((await world.admin("DELETE", `/clients/${scene.cast.rs1.id}`)).status);
    await settle(scene.cast.alice);
    vi.restoreAllMocks();
    expect(await rowsThatName(scene.cast.alice)).toEqual({ deletions: 1 });
  });
});
