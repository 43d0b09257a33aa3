import { beforeEach, describe, expect, it } from "vitest";
import { ProtectionApi } from "../support/server/protection-api.ts";
import { refused } from "../support/server/scene.ts";
import type { Credentials } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** How a resource server that has forgotten its ids finds its resources again. */
const world = localWorld();
const ROOM = { resource_scopes: ["enter"], name: "Room 1", uri: "https://house.example/rooms/1" };
let server: Credentials;
let rs: ProtectionApi;

beforeEach(async () => {
  server = await world.client({ client_name: "RS", grant_types: ["client_credentials"] });
  rs = await connectedTo(server);
});

async function connectedTo(client: Credentials): Promise<ProtectionApi> {
  const owner = await world.owner("a house");
  await world.connect(owner, client, ["uma_protection"]);
  return new ProtectionApi(world, await world.connectedToken(client, { resource_owner: owner }));
}

const idOf = async (answer: ReturnType<ProtectionApi["create"]>) => String((await answer).body._id);

describe("a list", () => {
  it("is narrowed by a name or a URI, exactly", async () => {
    const first = await idOf(rs.create(ROOM));
    const second = await idOf(rs.create({ ...ROOM, name: "Room 10" }));
    await rs.create({ resource_scopes: [], uri: { house: 1 } });
    const list = async (query: string) => ((await rs.list(query)).json as string[]).sort();
    expect(await list("?name=Room%201")).toEqual([first]);
    expect(await list("?name=room%201")).toEqual([]);
    expect(await list(`?uri=${encodeURIComponent(ROOM.uri)}`)).toEqual([first, second].sort());
    expect(await list(`?uri=${encodeURIComponent(ROOM.uri)}&name=Room%2010`)).toEqual([second]);
    await rs.patch(first, { name: "Hall" });
    expect(await list("?name=Room%201")).toEqual([]);
    expect(await list("?name=Hall")).toEqual([first]);
  });

  it("that is narrowed is paged likewise", async () => {
    const ids = await Promise.all([1, 2, 3].map(() => idOf(rs.create(ROOM))));
    await rs.create({ ...ROOM, name: "Hall" });
    const page = await rs.list("?name=Room%201&limit=2");
    expect(page.json).toEqual(ids.sort().slice(0, 2));
    const next = /<([^>]*)>/.exec(page.headers.get("link") ?? "")?.[1] ?? "";
    const last = await world.send("GET", next, { bearer: rs.pat });
    expect([last.json, last.headers.get("link")]).toEqual([ids.slice(2), null]);
  });
});

describe("an external id", () => {
  const NAMED = { ...ROOM, external_id: "rooms/1" };

  it("comes back with what it was given to, and stays what it is", async () => {
    const id = await idOf(rs.create(NAMED));
    expect((await rs.read(id)).body).toEqual({ ...NAMED, _id: id });
    await rs.update(id, { resource_scopes: ["enter"], external_id: "rooms/2" });
    await rs.patch(id, { external_id: null });
    expect((await rs.read(id)).body).toEqual({ resource_scopes: ["enter"], external_id: "rooms/1", _id: id });
  });

  it("finds the resource again, with its place and version, and describes it no other way", async () => {
    const made = await rs.create(NAMED);
    const again = await rs.create(NAMED);
    expect(made.status).toBe(201);
    expect(again).toMatchObject({ status: 200, json: { _id: made.body._id } });
    for (const header of ["location", "etag"]) expect(again.headers.get(header)).toBe(made.headers.get(header));
    const other = await rs.create({ ...NAMED, resource_scopes: ["enter", "clean"] });
    expect(other).toMatchObject({ status: 200, json: { _id: made.body._id, description_differs: true } });
    expect((await rs.read(String(made.body._id))).body).toEqual({ ...NAMED, _id: made.body._id });
  });

  it("makes one resource of many registrations at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => rs.create(NAMED)));
    expect(new Set(answers.map(({ body }) => body._id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect((await rs.list()).json).toHaveLength(1);
  });

  it("is one owner's at one resource server", async () => {
    const id = await idOf(rs.create(NAMED));
    const elsewhere = await (await connectedTo(server)).create(NAMED);
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body._id).not.toBe(id);
  });

  it("is free again when its resource is gone, whose id is not", async () => {
    const id = await idOf(rs.create(NAMED));
    await rs.remove(id);
    const again = await rs.create(NAMED);
    expect(again.status).toBe(201);
    expect(again.body._id).not.toBe(id);
  });

  it.each(["", " x", "two\nlines", "x".repeat(257), 5, ["x"]])("is not %j", async (external_id) => {
    expect(await rs.create({ ...ROOM, external_id })).toMatchObject(refused(400, "invalid_request"));
  });

  it("is none where it is null", async () => {
    const answers = [await rs.create({ ...ROOM, external_id: null }), await rs.create({ ...ROOM, external_id: null })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });
});

describe("an Idempotency-Key", () => {
  const create = (json: object, key: string, pat = rs.pat) =>
    world.send("POST", "/resources", { bearer: pat, json, headers: { "Idempotency-Key": key } });

  it("makes one registration of one that is sent again", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(ROOM, "k1")));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body._id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect((await rs.list()).json).toHaveLength(1);
  });

  it("names one registration of one caller: another one is another resource", async () => {
    const neighbour = await connectedTo(server);
    const answers = [create(ROOM, "k1"), create(ROOM, "k2"), create({ ...ROOM, name: "x" }, "k1")];
    const made = await Promise.all([...answers, create(ROOM, "k1", neighbour.pat)]);
    expect(new Set(made.map(({ body }) => body._id)).size).toBe(4);
  });

  it.each(["", "a b", "ä", "x".repeat(256)])("is not %j", async (key) => {
    expect(await create(ROOM, key)).toMatchObject(refused(400, "invalid_request"));
  });
});
