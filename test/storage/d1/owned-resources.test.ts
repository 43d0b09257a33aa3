import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { OwnedResourceQuery } from "../../../src/operations/ports/owned-resource.ts";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { ProtocolError } from "../../../src/shared/error.ts";
import { D1OwnedResourceStore } from "../../../src/storage/d1/owned-resources.ts";
import { freshId, givenCaller } from "../../support/workerd/records.ts";

const store = () => new D1OwnedResourceStore(env.DB);

type Query = Partial<OwnedResourceQuery>;
const page = async (caller: ConnectedCaller, cursor: string | null, limit: number, query: Query = {}) => {
  const listed = await store().list(caller, { text: null, ...query, cursor, limit });
  if (!listed.standing) throw new Error("the connection does not stand");
  return listed.value;
};

/** Every page, however little is on it, as a client that follows `next` sees them. */
async function walk(caller: ConnectedCaller, limit: number, query: Query = {}) {
  const pages: (readonly string[])[] = [];
  let cursor: string | null = null;
  do {
    const { items, next } = await page(caller, cursor, limit, query);
    pages.push(items.map(({ name }) => name ?? ""));
    cursor = next;
  } while (cursor !== null);
  return pages;
}

/** So many resources of one server, named "Report 1" and so on, in the order of their ids. */
async function givenReports(
  { ownerId, clientId }: ConnectedCaller,
  count: number,
  name = "Report",
  more: object = {},
): Promise<void> {
  const insert = `
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?3)
    INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
    SELECT printf('%s-%s-%05d', ?2, ?4, n), ?1, ?2, ?5 ->> '$.type', '["view"]',
      json_patch(?5, json_object('name', printf('%s %d', ?4, n), 'resource_scopes', json('["view"]'))), 0 FROM counted`;
  await env.DB.prepare(insert).bind(ownerId, clientId, count, name, JSON.stringify(more)).run();
}

describe("an owner's resources", () => {
  it("are listed by name, each on one page", async () => {
    const one = await givenCaller();
    const other = await givenCaller({ ownerId: one.ownerId });
    await givenReports(other, 2, "Scan");
    await givenReports(one, 3);
    await givenReports(one, 1, "paper");
    const { ownerId, clientId } = one;
    const nameless = "INSERT INTO resources VALUES (?1, ?2, ?3, NULL, '[]', '{}', 0, 1, 0, NULL, NULL)";
    await env.DB.prepare(nameless).bind(freshId("resource"), ownerId, clientId).run();
    expect(await walk(one, 3)).toEqual([["paper 1", "Report 1", "Report 2"], ["Report 3", "Scan 1", "Scan 2"], [""]]);
    expect((await walk(one, 50)).flat()).toHaveLength(7);
    expect(await walk(await givenCaller(), 5)).toEqual([[]]);
  });

  it("are found by what their names contain, A to Z in either case", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 12);
    expect(await walk(caller, 50, { text: "rEPORT 1" })).toEqual([["Report 1", "Report 10", "Report 11", "Report 12"]]);
    expect(await walk(caller, 3, { text: "rt 1" })).toEqual([["Report 1", "Report 10", "Report 11"], ["Report 12"]]);
    expect(await walk(caller, 50, { text: "%" })).toEqual([[]]);
  });

  it("are searched twenty thousand at a time, and the next page goes on from there", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 20_100);
    await givenReports(caller, 1, "Scan");
    expect(await walk(caller, 50, { text: "Report 10000" })).toEqual([["Report 10000"], []]);
    expect(await walk(caller, 50, { text: "scan" })).toEqual([[], ["Scan 1"]]);
    expect((await walk(caller, 200, { text: "port 2" })).flat()).toHaveLength(1_212);
  });

  it("are narrowed by resource server, type, collection, and all of them", async () => {
    const one = await givenCaller();
    const other = await givenCaller({ ownerId: one.ownerId });
    await givenReports(one, 1, "Album");
    const collectionId = `${one.clientId}-Album-00001`;
    await givenReports(one, 2, "Photo", { type: "photo", collections: [collectionId] });
    await givenReports(one, 1, "Song", { type: "song", collections: [collectionId] });
    await givenReports(other, 1, "Scan", { type: "photo" });
    const found = async (query: Query) => (await walk(one, 50, query)).flat();
    expect(await found({ resourceServerId: other.clientId })).toEqual(["Scan 1"]);
    expect(await found({ type: "photo" })).toEqual(["Photo 1", "Photo 2", "Scan 1"]);
    expect(await found({ collectionId })).toEqual(["Photo 1", "Photo 2", "Song 1"]);
    expect(await walk(one, 1, { collectionId })).toEqual([["Photo 1"], ["Photo 2"], ["Song 1"]]);
    expect(await found({ type: "photo", resourceServerId: one.clientId })).toEqual(["Photo 1", "Photo 2"]);
    expect(await found({ type: "photo", collectionId, text: "2" })).toEqual(["Photo 2"]);
    expect(await found({ type: "film" })).toEqual([]);
    expect((await walk(await givenCaller(), 50, { collectionId })).flat()).toEqual([]);
  });

  it("tell what they are in, and how many are in them", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 1, "Album");
    const id = `${caller.clientId}-Album-00001`;
    await givenReports(caller, 3, "Photo", { collections: [id] });
    const { items } = await page(caller, null, 2);
    expect(items).toMatchObject([
      { name: "Album 1", members: 3, collections: [] },
      { name: "Photo 1", members: 0, collections: [{ id, name: "Album 1" }] },
    ]);
    await env.DB.prepare("DELETE FROM resources WHERE id = ?").bind(id).run();
    expect((await page(caller, null, 1)).items).toMatchObject([{ name: "Photo 1", collections: [] }]);
  });

  it("keep their place in a collection when they are renamed", async () => {
    const caller = await givenCaller();
    await givenReports(caller, 1, "Album");
    const collectionId = `${caller.clientId}-Album-00001`;
    await givenReports(caller, 2, "Photo", { collections: [collectionId] });
    await env.DB.prepare("UPDATE resources SET description = json_set(description, '$.name', 'Zebra') WHERE id = ?")
      .bind(`${caller.clientId}-Photo-00001`)
      .run();
    expect(await walk(caller, 1, { collectionId })).toEqual([["Photo 2"], ["Zebra"]]);
  });

  it("are surveyed with what they can be narrowed by", async () => {
    const one = await givenCaller();
    const other = await givenCaller({ ownerId: one.ownerId });
    await givenReports(one, 2, "Album", { type: "album" });
    await givenReports(other, 1, "Scan", { type: "scan" });
    await givenReports(other, 1, "Note");
    const collectionId = `${one.clientId}-Album-00001`;
    const survey = await store().survey(one, { cursor: null, limit: 2, text: null, collectionId });
    expect(survey).toMatchObject({
      value: { items: [], next: null, types: ["album", "scan"], collection: { id: collectionId, name: "Album 1" } },
    });
    const whole = await store().survey(one, { cursor: null, limit: 2, text: null });
    if (!whole.standing) throw new Error("the connection does not stand");
    expect(whole.value.items.map(({ name }) => name)).toEqual(["Album 1", "Album 2"]);
    expect(whole.value.resourceServers.map(({ id }) => id).sort()).toEqual([one.clientId, other.clientId].sort());
    expect(whole.value.collection).toBeNull();
    const fallen = { ...one, generation: 9 };
    expect(await store().survey(fallen, { cursor: null, limit: 2, text: null })).toEqual({ standing: false });
  });

  it.each(["", "x", "a.b.c", "a.", "a' OR 1=1.b", "YSBi="])("refuse the cursor %j", async (cursor) => {
    await expect(page(await givenCaller(), cursor, 5)).rejects.toBeInstanceOf(ProtocolError);
  });
});
