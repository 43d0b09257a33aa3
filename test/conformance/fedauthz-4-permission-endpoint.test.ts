import { beforeAll, describe, expect, it } from "vitest";
import { type ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let rs1: ProtectionApi;
let photo: string;
let song: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  rs1 = scene.rs1;
  [photo, song] = [await rs1.register("view", "print"), await rs1.register("play")];
  await scene.permitAnyone();
});

const refusedWith = (error: string) => ({ status: 400, body: { error } });

describe("what a ticket stands for (§4)", () => {
  it("F-4-same-permissions exactly what was asked, however much the policy would give", async () => {
    const rpt = await scene.rpt(permission(photo, "view"));
    expect(await rs1.permissionsOf(rpt)).toEqual([permission(photo, "view")]);
  });

  it("F-4-multiple-permissions F-4-zero-scopes several resources, one of them without a scope", async () => {
    const asked = [permission(photo, "view", "print"), permission(song)];
    expect(await rs1.permissionsOf(await scene.rpt(...asked))).toEqual(asked);
  });

  it("F-4.1-duplicate-resource two entries for one resource become one permission", async () => {
    const rpt = await scene.rpt(permission(photo, "view"), permission(photo, "print"));
    expect(await rs1.permissionsOf(rpt)).toEqual([permission(photo, "view", "print")]);
  });

  it("F-4-single-owner resources of two owners get no ticket", async () => {
    for (const carol of [await scene.connectOwner(), (await Scene.open(world)).rs1]) {
      const foreign = await carol.register("view");
      const answer = await rs1.ask([permission(photo, "view"), permission(foreign, "view")]);
      expect(answer).toMatchObject(refusedWith("invalid_resource_id"));
      expect(answer.body).not.toHaveProperty("ticket");
    }
  });
});

describe("the request (§4.1)", () => {
  it("F-4.1-post-json is a POST of JSON", async () => {
    const call = { bearer: rs1.pat };
    expect((await world.send("GET", "/permission", call)).status).toBe(405);
    const form = { resource_id: photo, resource_scopes: "view" };
    expect(await world.send("POST", "/permission", { ...call, form })).toMatchObject(refusedWith("invalid_request"));
  });

  it("F-4.1-object-or-array is one object or several", async () => {
    for (const request of [permission(photo, "view"), [permission(photo, "view")]]) {
      expect((await rs1.ask(request)).status).toBe(201);
    }
  });

  it.each([
    ["F-4.1-array-not-empty an empty list", () => []],
    ["F-4.1-resource-id-required no resource_id", () => ({ resource_scopes: ["view"] })],
    ["F-4.1-resource-id-required a number", () => ({ resource_id: 5, resource_scopes: ["view"] })],
    ["F-4.1-resource-id-required an empty text", () => permission("", "view")],
    ["F-4.1-scopes-required no resource_scopes", () => ({ resource_id: photo })],
    ["F-4.1-scopes-required a text", () => ({ resource_id: photo, resource_scopes: "view" })],
    ["F-4.1-scopes-required null", () => ({ resource_id: photo, resource_scopes: null })],
    ["F-4.1-scopes-required numbers", () => ({ resource_id: photo, resource_scopes: [1] })],
  ])("F-4.3-error-status %s is malformed", async (_, request) => {
    expect(await rs1.ask(request())).toMatchObject(refusedWith("invalid_request"));
  });

  it("F-4.1-resource-id-registered F-4.3-error-status unknown, deleted and foreign resources look alike", async () => {
    const strangers = [await scene.connectOwner(), await scene.connectResourceServer(), (await Scene.open(world)).rs1];
    const foreign = await Promise.all(strangers.map((stranger) => stranger.register("view")));
    const deleted = await rs1.register("view");
    await rs1.remove(deleted);
    const ids = ["nobody-made-this", "A".repeat(22), deleted, ...foreign];
    const answers = await Promise.all(ids.map((id) => rs1.ask(permission(id, "view"))));
    for (const answer of answers) {
      expect(answer).toMatchObject({ ...refusedWith("invalid_resource_id"), text: answers[0]?.text });
    }
  });

  it.each([
    ["no scope of any resource", "fly"],
    ["a scope of another resource", "play"],
    ["a scope of the server", "uma_protection"],
  ])("F-4.1-scopes-registered F-4.3-error-status %s is invalid_scope", async (_, scope) => {
    expect(await rs1.ask(permission(photo, scope))).toMatchObject(refusedWith("invalid_scope"));
  });

  it("F-4.1-all-or-nothing one bad entry fails all", async () => {
    const good = permission(photo, "view");
    const scopes = await rs1.ask([good, permission(photo, "fly")]);
    const malformed = await rs1.ask([good, { resource_id: photo }]);
    expect(scopes).toMatchObject(refusedWith("invalid_scope"));
    expect(malformed).toMatchObject(refusedWith("invalid_request"));
    for (const answer of [scopes, malformed]) expect(answer.body).not.toHaveProperty("ticket");
  });
});

describe("the answer (§4.2)", () => {
  it("F-4.2-created F-4.2-single-ticket 201 with one ticket in a JSON object, for one or for three", async () => {
    const three = [permission(photo, "view"), permission(photo, "print"), permission(song, "play")];
    for (const request of [permission(photo, "view"), three]) {
      const answer = await rs1.ask(request);
      expect(answer).toMatchObject({ status: 201, json: { ticket: expect.stringMatching(/^[\w.~-]+$/) } });
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    }
  });
});
