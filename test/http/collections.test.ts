import { beforeAll, describe, expect, it } from "vitest";
import { MAX_COLLECTIONS } from "../../src/shared/limits.ts";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { ANYONE, refused, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

/** A resource in these collections. */
const within = (...collections: readonly string[]) => scene.resource(["view", "print"], { collections });

/** Whether anybody gets an RPT to view it. */
async function isOpen(id: string): Promise<boolean> {
  const answer = await scene.redeem(await scene.ticketForAll([permission(id, "view")]));
  return answer.status === 200;
}

async function rptFor(id: string): Promise<string> {
  return scene.rpt(permission(id, "view"));
}

async function isActive(rpt: string): Promise<unknown> {
  return (await scene.introspect(rpt)).active;
}

describe("what is shared of a collection", () => {
  it("is shared of what is in it, now and later", async () => {
    const album = await within();
    const before = await within(album);
    await scene.permit(album, ["view"], ANYONE);
    expect([await isOpen(before), await isOpen(await within(album)), await isOpen(await within())]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("is not shared of what is in a collection inside it", async () => {
    const shelf = await within();
    const album = await within(shelf);
    const photo = await within(album);
    await scene.permit(shelf, ["view"], ANYONE);
    expect([await isOpen(album), await isOpen(photo)]).toEqual([true, false]);
  });

  it("can be denied of what is shared by itself", async () => {
    const album = await within();
    const photo = await within(album);
    await scene.permit(photo, ["view"], ANYONE);
    const rpt = await rptFor(photo);
    await scene.deny(album, ANYONE);
    expect([await isActive(rpt), await isOpen(photo)]).toEqual([false, false]);
  });

  it("is explained where it is asked for what is in it", async () => {
    const album = await within();
    const photo = await within(album);
    const policyId = await scene.permit(album, ["view"], ANYONE);
    const { body } = await scene.ask("POST", "/explain", { resource_id: photo, client_id: scene.cast.c1.id });
    expect(body).toMatchObject({ scopes: [{ scope: "view", outcome: "permit" }, { outcome: "deny" }] });
    const access = await scene.ask("GET", `/resources/${photo}/access`);
    expect(JSON.stringify(access.body)).toContain(policyId);
  });

  it("may be what only its members can do, without a warning", async () => {
    const album = await scene.resource(["view"]);
    await within(album);
    const document = { effect: "permit", target: { resources: [album] }, who: ANYONE };
    const printed = await scene.ask("POST", "/policies", { ...document, scopes: ["print"] });
    expect(printed.body.warnings ?? []).toEqual([]);
    const burnt = await scene.ask("POST", "/policies", { ...document, scopes: ["burn"] });
    expect(burnt.body.warnings).toMatchObject([{ path: "scopes[0]" }]);
  });
});

describe("what stood on a collection alone ends at once", () => {
  const changes: readonly [string, (photo: string, album: string) => Promise<Answer>][] = [
    ["with its removal from there", (photo) => scene.rs1.patch(photo, { collections: [] })],
    ["with the collection", (_, album) => scene.rs1.remove(album)],
    ["with a withdrawal of the collection", (_, album) => scene.ask("POST", "/withdrawals", { resource_id: album })],
  ];

  it.each(changes)("%s", async (_, change) => {
    const album = await within();
    const photo = await within(album);
    await scene.permit(album, ["view"], ANYONE);
    const rpt = await rptFor(photo);
    expect(await isActive(rpt)).toBe(true);
    expect((await change(photo, album)).status).toBeLessThan(300);
    expect(await isActive(rpt)).toBe(false);
  });

  it("and what is shared by itself goes on", async () => {
    const album = await within();
    const photo = await within(album);
    for (const id of [album, photo]) await scene.permit(id, ["view"], ANYONE);
    const rpt = await rptFor(photo);
    await scene.rs1.remove(album);
    expect(await isActive(rpt)).toBe(true);
    expect(await isOpen(photo)).toBe(true);
  });
});

describe("a collection", () => {
  it("has to be a resource of the same resource server", async () => {
    const photo = await within();
    const other = await scene.connectResourceServer();
    const foreign = await other.register("view");
    for (const collection of [foreign, "nothing"]) {
      const description = { resource_scopes: ["view"], collections: [collection] };
      for (const answer of [
        await scene.rs1.create(description),
        await scene.rs1.update(photo, description),
        await scene.rs1.patch(photo, { collections: [collection] }),
      ])
        expect(answer).toMatchObject(refused(400, "invalid_request"));
    }
  });

  it.each([
    ["more than a resource may be in", Array.from({ length: MAX_COLLECTIONS + 1 }, (_, index) => `c${index}`)],
    ["no list", "album"],
    ["no ids", [1]],
  ])("is named in a list: %s", async (_, collections) => {
    const answer = await scene.rs1.create({ resource_scopes: ["view"], collections });
    expect(answer).toMatchObject(refused(400, "invalid_request"));
  });

  it("comes back with the description, and null stands for none", async () => {
    const album = await within();
    const photo = await within(album);
    expect((await scene.rs1.read(photo)).body).toMatchObject({ collections: [album] });
    const bare = text(await scene.rs1.create({ resource_scopes: ["view"], collections: null }), "_id");
    expect((await scene.rs1.read(bare)).body).not.toHaveProperty("collections");
  });

  it("that is gone is left out by a patch of something else, and refused where it is named anew", async () => {
    const [gone, kept] = [await within(), await within()];
    const photo = await within(gone, kept);
    await scene.rs1.remove(gone);
    const patched = await scene.rs1.patch(photo, { name: "Harbour" });
    expect(patched).toMatchObject({ status: 200, body: { name: "Harbour", collections: [kept] } });
    const again = await scene.rs1.patch(photo, { collections: [gone] });
    expect(again).toMatchObject(refused(400, "invalid_request"));
  });

  it("narrows the list of resources, whole and page by page", async () => {
    const album = await within();
    const photos = [await within(album), await within(album)].sort();
    await within();
    const whole = await scene.rs1.list(`?collection=${album}`);
    expect([...(whole.json as string[])].sort()).toEqual(photos);
    const first = await scene.rs1.list(`?collection=${album}&limit=1`);
    expect(first.json).toEqual(photos.slice(0, 1));
    const next = new URL(/<(.*)>/.exec(first.headers.get("link") ?? "")?.[1] ?? "");
    expect((await scene.rs1.list(next.search)).json).toEqual(photos.slice(1));
    expect((await scene.rs1.list("?collection=nothing")).json).toEqual([]);
  });
});
