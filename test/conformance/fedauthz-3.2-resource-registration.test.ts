import { beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import type { Answer } from "../support/server/http-site.ts";
import { type ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const FULL = {
  resource_scopes: ["view", "print"],
  name: "Album",
  description: "Photos",
  type: "http://x.example/album",
  icon_uri: "https://x.example/icon.png",
  x_colour: { shade: ["dark", null, 1.5, true] },
};
const BULK = 1_500;
/** Ids that nobody has: none at all, and one as the server makes them. */
const UNKNOWN = ["nobody-made-this", "A".repeat(22)];
let scene: Scene;
let rs1: ProtectionApi;

beforeAll(async () => {
  scene = await Scene.open(world);
  rs1 = scene.rs1;
  await scene.permitAnyone();
});

const createFull = async () => String((await rs1.create(FULL)).body._id);
const raw = (method: string, path: string, text: string, type = "application/json") =>
  world.send(method, path, { bearer: rs1.pat, text: [type, text] });
const badRequest = { status: 400, body: { error: "invalid_request" } };
const notFound = { status: 404, body: { error: "not_found" } };

describe("the five operations", () => {
  it("F-3.2-five-operations F-3.2-id-in-body F-3.2.2-read F-3.2.3-update F-3.2.4-delete one life of a resource", async () => {
    const made = await rs1.create(FULL);
    const id = String(made.body._id);
    expect(made).toMatchObject({ status: 201, body: { _id: expect.any(String) } });
    expect(await rs1.read(id)).toMatchObject({ status: 200, body: { _id: id, resource_scopes: ["view", "print"] } });
    expect(await rs1.update(id, FULL)).toMatchObject({ status: 200, body: { _id: id } });
    expect(await rs1.list()).toMatchObject({ status: 200, json: expect.arrayContaining([id]) });
    expect((await rs1.remove(id)).status).toBe(204);
    expect(await rs1.read(id)).toMatchObject(notFound);
    expect(await rs1.remove(id)).toMatchObject(notFound);
    expect((await rs1.list()).json).not.toContain(id);
  });

  it("F-3.2-policy-uri its owner sees who can see it at the URI that is told, others are led to sign in or see nothing", async () => {
    const made = await rs1.create(FULL);
    const uri = text(made, "user_access_policy_uri");
    expect(uri).toMatch(new RegExp(`^${world.site.issuer}/`));
    expect(await rs1.update(text(made, "_id"), FULL)).toMatchObject({ body: { user_access_policy_uri: uri } });
    const { pathname } = new URL(uri);
    const leads = await new BrowserLike(world.site).open(pathname);
    expect([leads.status, new URL(String(leads.headers.get("location"))).pathname]).toEqual([303, "/sign-in"]);
    const carol = await (await Resident.settle("Carol")).browse(world.site);
    expect((await carol.open(pathname)).status).toBe(404);
    const ana = await Resident.settle();
    await ana.administer(scene.cast.alice);
    const page = await (await ana.browse(world.site)).open(pathname);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Album");
  });

  it("F-3.2.1-created F-3.2.1-location-usable a new resource is where Location says, which ends in its id", async () => {
    const made = await rs1.create(FULL);
    const location = new URL(String(made.headers.get("location")), `${world.site.issuer}/resources`).href;
    expect([made.status, location.endsWith(`/${made.body._id}`)]).toEqual([201, true]);
    expect(await world.send("GET", location, { bearer: rs1.pat })).toMatchObject({
      status: 200,
      body: { _id: made.body._id },
    });
  });

  it("F-3.2.1-new-id-each-time two equal posts are two resources, both listed", async () => {
    const ids = [await createFull(), await createFull()];
    expect(new Set(ids).size).toBe(2);
    expect((await rs1.list()).json).toEqual(expect.arrayContaining(ids));
  });

  it("F-3.2-id-assigned-by-as an id in the body of a create names nothing", async () => {
    const made = await rs1.create({ ...FULL, _id: "mine" });
    expect(made.status).toBe(201);
    expect(made.body._id).not.toBe("mine");
    expect((await rs1.read("mine")).status).toBe(404);
  });

  it("F-3.2.2-all-parameters a read gives back every member unchanged", async () => {
    const id = await createFull();
    expect((await rs1.read(id)).body).toEqual({ ...FULL, _id: id });
  });

  it("F-3.2-trailing-slash the collection has two spellings", async () => {
    expect((await world.send("POST", "/resources/", { bearer: rs1.pat, json: FULL })).status).toBe(201);
    expect(await world.send("GET", "/resources/", { bearer: rs1.pat })).toMatchObject({
      status: 200,
      json: (await rs1.list()).json,
    });
  });
});

describe("update (§3.2.3)", () => {
  it("F-3.2.3-full-replace nothing of the old description is left", async () => {
    const id = await createFull();
    await rs1.update(id, { resource_scopes: ["view"] });
    expect((await rs1.read(id)).body).toEqual({ resource_scopes: ["view"], _id: id });
  });

  it("F-3.2.3-no-upsert an unknown id stays unknown", async () => {
    const before = (await rs1.list()).json;
    for (const id of UNKNOWN) expect(await rs1.update(id, FULL)).toMatchObject(notFound);
    expect((await rs1.list()).json).toEqual(before);
  });

  it("F-3.2.3-invalid-keeps-old a refused update changes nothing", async () => {
    const id = await createFull();
    expect(await rs1.update(id, { name: "x" })).toMatchObject(badRequest);
    expect((await rs1.read(id)).body).toEqual({ ...FULL, _id: id });
  });

  it("F-3.2.3-read-write what was read can be written back, and leads to no other resource", async () => {
    const [id, other] = [await createFull(), await createFull()];
    const read = (await rs1.read(id)).body;
    const edited = { ...read, name: "New", _id: other, user_access_policy_uri: `${world.site.issuer}/x` };
    expect((await rs1.update(id, { ...read, name: "Newer" })).status).toBe(200);
    expect((await rs1.update(id, edited)).status).toBe(200);
    expect((await rs1.read(id)).body).toEqual({ ...FULL, name: "New", _id: id });
    expect((await rs1.read(other)).body).toEqual({ ...FULL, _id: other });
  });

  it("F-3.2.3-scope-removal a removed scope leaves new tickets, pending tickets and RPTs at once", async () => {
    const id = await createFull();
    const both = permission(id, "view", "print");
    const rpt = await scene.rpt(both);
    const pending = await world.ticket(rs1.pat, both);
    await rs1.update(id, { ...FULL, resource_scopes: ["view"] });
    expect(await rs1.ask(permission(id, "print"))).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    expect(await rs1.permissionsOf(rpt)).toEqual([permission(id, "view")]);
    const granted = await scene.redeem(pending);
    expect(granted.status).toBe(200);
    expect(await rs1.permissionsOf(String(granted.body.access_token))).toEqual([permission(id, "view")]);
  });
});

describe("delete (§3.2.4)", () => {
  it("F-3.2.4-pending-ticket a ticket for a deleted resource gives nothing", async () => {
    const id = await createFull();
    const ticket = await world.ticket(rs1.pat, permission(id, "view"));
    await rs1.remove(id);
    expect(await scene.redeem(ticket)).toMatchObject({ status: 403, body: { error: "request_denied" } });
  });

  it("F-3.2.4-pending-ticket a ticket for two gives the one that is left", async () => {
    const [gone, kept] = [await createFull(), await createFull()];
    const ticket = await world.ticket(rs1.pat, [permission(gone, "view"), permission(kept, "view")]);
    await rs1.remove(gone);
    const granted = await scene.redeem(ticket);
    expect(granted.status).toBe(200);
    expect(await rs1.permissionsOf(String(granted.body.access_token))).toEqual([permission(kept, "view")]);
  });
});

describe("list (§3.2.5)", () => {
  it("F-3.2.5-list F-3.2.5-list-scope ids of one owner at one resource server, and all of them", async () => {
    const other = await Scene.open(world);
    expect((await other.rs1.list()).json).toEqual([]);
    const rs2 = await other.connectResourceServer();
    const ids = [await other.rs1.register("view"), await other.rs1.register("view")];
    const atRs2 = await rs2.register("view");
    const carol = await other.connectOwner();
    const carols = await carol.register("view");
    const listed = (await other.rs1.list()).json as string[];
    expect(listed.toSorted()).toEqual(ids.toSorted());
    expect((await rs2.list()).json).toEqual([atRs2]);
    expect((await carol.list()).json).toEqual([carols]);
  });

  it(`F-3.2.5-list-scope ${BULK} resources are listed completely`, async () => {
    const { rs1: archive } = await Scene.open(world);
    const ids = await Promise.all(Array.from({ length: BULK }, () => archive.register("view")));
    const listed = (await archive.list()).json as string[];
    expect(listed.length).toBe(BULK);
    expect(new Set(listed)).toEqual(new Set(ids));
  }, 60_000);
});

describe("refusals", () => {
  it("F-3.2-not-found F-3.2-not-found-code unknown and foreign resources look alike", async () => {
    const [carol, rs2] = [await scene.connectOwner(), await scene.connectResourceServer()];
    const foreign = [await carol.register("view"), await rs2.register("view")];
    const ids = [...UNKNOWN, ...foreign];
    const calls: readonly ((id: string) => Promise<Answer>)[] = [
      (id) => rs1.read(id),
      (id) => rs1.update(id, FULL),
      (id) => rs1.remove(id),
    ];
    for (const call of calls) {
      const [unknown, ...others] = await Promise.all(ids.map(call));
      expect(unknown).toMatchObject(notFound);
      for (const answer of others) expect([answer.status, answer.text]).toEqual([404, unknown?.text]);
    }
    expect([(await carol.list()).json, (await rs2.list()).json]).toEqual(foreign.map((id) => [id]));
  });

  it.each([
    ["POST", "/resources/x", "GET, PUT, PATCH, DELETE"],
    ["PATCH", "/resources", "GET, POST"],
    ["PUT", "/resources", "GET, POST"],
    ["DELETE", "/resources/", "GET, POST"],
  ])("F-3.2-method-not-allowed F-3.2-method-code %s %s", async (method, path, allow) => {
    const answer = await world.send(method, path, { bearer: rs1.pat });
    expect(answer).toMatchObject({ status: 405, body: { error: "unsupported_method_type" } });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it.each([
    ["F-3.2-bad-request half a document", "{", "application/json"],
    ["F-3.2-bad-request a list", "[]", "application/json"],
    ["F-3.2-bad-request nothing", "", "application/json"],
    ["F-3.2-bad-request a text", "hello", "text/plain"],
    ["F-3.2-bad-request no scopes", "{}", "application/json"],
    [
      "F-3.2-duplicate-member the scopes twice",
      '{"resource_scopes":["a"],"resource_scopes":["b"]}',
      "application/json",
    ],
    ["F-3.2-duplicate-member the name twice", '{"resource_scopes":[],"name":"a","name":"b"}', "application/json"],
  ])("F-3.2-bad-request-code %s: a create and an update are refused and store nothing", async (_, body, type) => {
    const id = await createFull();
    const before = (await rs1.list()).json;
    expect(await raw("POST", "/resources", body, type)).toMatchObject(badRequest);
    expect(await raw("PUT", `/resources/${id}`, body, type)).toMatchObject(badRequest);
    expect((await rs1.list()).json).toEqual(before);
    expect((await rs1.read(id)).body).toEqual({ ...FULL, _id: id });
  });
});
