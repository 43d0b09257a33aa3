import { beforeAll, describe, expect, it } from "vitest";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let alice: Scene;
let mallory: Scene;
beforeAll(async () => {
  [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
});

const SCAN = {
  name: "MRI scan",
  "name#de": "MRT",
  description: "The left knee",
  icon_uri: "https://clinic.example/mri.png",
  type: "scan",
  "x-room": "12",
};

describe("a resource of the owner's", () => {
  it("is told to the owner's tool as its resource server described it, with who hosts it", async () => {
    const name = "Knee scan";
    const id = await alice.resource(["view", "print"], { ...SCAN, name });
    const { description, icon_uri, type } = SCAN;
    const told = {
      resource_id: id,
      ...{ name, description, icon_uri, type },
      resource_scopes: ["view", "print"],
      resource_server: { client_id: alice.cast.rs1.id, client_name: "RS1" },
    };
    expect((await alice.ask("GET", `/resources/${id}`)).body).toEqual(told);
    expect((await alice.ask("GET", "/resources?q=KNEE")).body).toEqual({ items: [told] });
  });

  it("is told without what its description leaves out", async () => {
    const id = await alice.resource([]);
    expect((await alice.ask("GET", `/resources/${id}`)).body).toEqual({
      resource_id: id,
      resource_scopes: [],
      resource_server: { client_id: alice.cast.rs1.id, client_name: "RS1" },
    });
  });

  it("is nobody else's to see", async () => {
    const id = await alice.resource(["view"], SCAN);
    expect(await mallory.ask("GET", `/resources/${id}`)).toMatchObject({ status: 404, body: { error: "not_found" } });
    expect((await mallory.ask("GET", "/resources")).body).toEqual({ items: [] });
  });

  it("is no more once it was deleted", async () => {
    const id = await alice.resource();
    await world.send("DELETE", `/resources/${id}`, { bearer: alice.pat });
    expect((await alice.ask("GET", `/resources/${id}`)).status).toBe(404);
  });
});

it("is narrowed to a resource server, a type, or what is in a collection", async () => {
  const owner = await Scene.open(world);
  const other = await owner.connectResourceServer({ client_name: "RS2" });
  const album = await owner.resource([], { name: "Album", type: "album" });
  const photo = await owner.resource([], { name: "Photo", type: "photo", collections: [album] });
  const song = await other.register("hear");
  const idsOf = async (query: string) => {
    const { body } = await owner.ask("GET", `/resources?${query}`);
    return (body.items ?? []).map(({ resource_id }) => resource_id);
  };
  expect(await idsOf(`client_id=${owner.cast.rs1.id}`)).toEqual([album, photo]);
  expect(await idsOf("type=photo")).toEqual([photo]);
  expect(await idsOf(`collection=${album}`)).toEqual([photo]);
  expect(await idsOf("limit=3")).toEqual([album, photo, song]);
  expect((await owner.ask("GET", `/resources/${photo}`)).body).toMatchObject({ collections: [album] });
});

it("lists the resources of every resource server, page by page", async () => {
  const owner = await Scene.open(world);
  const other = await owner.connectResourceServer({ client_name: "RS2" });
  const made = [await owner.resource(), await owner.resource(), await other.register("view")];
  const listed: unknown[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await owner.ask("GET", `/resources?limit=2${cursor}`);
    listed.push(...(body.items ?? []).map(({ resource_id }) => resource_id));
    if (body.next === undefined) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(listed.sort()).toEqual([...made].sort());
});
