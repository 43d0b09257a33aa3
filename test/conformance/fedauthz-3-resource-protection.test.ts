import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
  await scene.permitAnyone();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const refused = { status: 400, body: { error: "invalid_request" } };

describe("protection (§3)", () => {
  it("F-3-protection-begins with the answer to the registration, without a gap", async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => scene.rs1.register("view")));
    const asked = await Promise.all(ids.map((id) => scene.rs1.ask(permission(id, "view"))));
    expect(asked.map(({ status }) => status)).toEqual(ids.map(() => 201));
  });

  it("F-3-protection-ends with the answer to the deletion, for new tickets and old RPTs", async () => {
    const [gone, kept] = [await scene.rs1.register("view"), await scene.rs1.register("view")];
    const rpt = await scene.rpt(permission(gone, "view"), permission(kept, "view"));
    await scene.rs1.remove(gone);
    const answer = await scene.rs1.ask(permission(gone, "view"));
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_resource_id" } });
    expect(await scene.rs1.permissionsOf(rpt)).toEqual([permission(kept, "view")]);
  });
});

describe("resource descriptions (§3.1)", () => {
  it.each([
    ["F-3.1-scopes-required no scopes", { name: "x" }],
    ["F-3.1-scopes-required scopes that are null", { resource_scopes: null }],
    ["F-3.1-scopes-type a text", { resource_scopes: "view" }],
    ["F-3.1-scopes-type numbers", { resource_scopes: [1] }],
    ["F-3.1-scopes-type an object", { resource_scopes: { a: 1 } }],
    ["F-3.1-scopes-type a list in a list", { resource_scopes: [["view"]] }],
    ["F-3.1-member-types a number for a name", { resource_scopes: [], name: 5 }],
    ["F-3.1-member-types an object for an icon", { resource_scopes: [], icon_uri: {} }],
    ["F-3.1-member-types a list for a type", { resource_scopes: [], type: ["a"] }],
    ["F-3.1-member-types true for a description", { resource_scopes: [], description: true }],
    ["F-3.1-member-types a number for a tagged name", { resource_scopes: [], "name#fr": 5 }],
  ])("%s is refused", async (_, description) => {
    expect(await scene.rs1.create(description)).toMatchObject(refused);
  });

  it("F-3.1-scopes-empty a resource may have no scopes, and is then asked for without any", async () => {
    const id = await scene.rs1.register();
    expect((await scene.rs1.ask(permission(id))).status).toBe(201);
    expect(await scene.rs1.ask(permission(id, "view"))).toMatchObject({
      status: 400,
      body: { error: "invalid_scope" },
    });
    expect(await scene.rs1.permissionsOf(await scene.rpt(permission(id)))).toEqual([permission(id)]);
  });

  it.each([
    ["F-3.1-optional-members scopes alone", { resource_scopes: ["view"] }],
    ["F-3.1-scope-forms texts and URIs", { resource_scopes: ["view", "http://x.example/dev/scopes/print"] }],
    ["F-3.1-i18n language tags", { resource_scopes: [], "name#fr": "Livre", "description#zh-Hant": "相簿" }],
  ])("%s: is kept as it was sent", async (_, description) => {
    const made = await scene.rs1.create(description);
    expect(made.status).toBe(201);
    const id = String(made.body._id);
    expect((await scene.rs1.read(id)).body).toEqual({ ...description, _id: id });
  });

  it("F-3.1-scope-forms a scope that is a URI can be asked for and granted", async () => {
    const scope = "http://x.example/dev/scopes/print?a=b#c";
    const id = await scene.rs1.register(scope);
    expect(await scene.rs1.permissionsOf(await scene.rpt(permission(id, scope)))).toEqual([permission(id, scope)]);
  });

  it("F-3.1-owner-ui people see what a thing is called, letter for letter, and of what kind it is", async () => {
    const { cast, rs1 } = await Scene.open(world);
    const described = { name: "<b>x", description: "<i>y", type: "<u>z", icon_uri: "https://x.example/icon.png" };
    const { body } = await rs1.create({ resource_scopes: ["view"], ...described });
    const ana = await Resident.settle();
    await ana.administer(cast.alice);
    const browser = await ana.browse(world.site);
    for (const path of ["", `/${body._id}`]) {
      const { status, text } = await browser.open(`/console/${cast.alice}/things${path}`);
      expect(status).toBe(200);
      for (const shown of ["&lt;b&gt;x", "&lt;u&gt;z"]) expect(text).toContain(shown);
      expect(text).not.toMatch(/<b>x|<i>y|<u>z/);
    }
  });

  it("F-3.1-owner-ui the type chooses the policies that count", async () => {
    const typed = await Scene.open(world);
    await typed.permitAnyone({ target: { type: "letter" } });
    const outcomes = ["letter", "photo"].map(async (type) => {
      const id = await world.registerResource(typed.rs1.pat, { resource_scopes: ["view"], type });
      return (await typed.redeem(await world.ticket(typed.rs1.pat, permission(id, "view")))).status;
    });
    expect(await Promise.all(outcomes)).toEqual([200, 403]);
  });
});

describe("scope descriptions (§3.1.1)", () => {
  it("F-3.1.1-no-scope-dereference nothing that a description points to is ever fetched", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const scope = "https://canary.example/scopes/view";
    const id = await world.registerResource(scene.rs1.pat, {
      resource_scopes: [scope],
      icon_uri: "https://canary.example/icon.png",
      type: "https://canary.example/types/photo",
    });
    const rpt = await scene.rpt(permission(id, scope));
    expect(await scene.rs1.permissionsOf(rpt)).toEqual([permission(id, scope)]);
    expect(fetched).not.toHaveBeenCalled();
  });
});
