import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const PHOTO = { resource_scopes: ["view", "print"], name: "Wedding", x_place: { city: "Bern", floor: 2 } };
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

type Headers = Readonly<Record<string, string>>;
const edit = (method: string, id: string, json?: unknown, headers: Headers = {}): Promise<Answer> =>
  world.send(method, `/resources/${id}`, { bearer: scene.pat, headers, ...(json === undefined ? {} : { json }) });
const patch = (id: string, json: unknown, headers: Headers = {}) => edit("PATCH", id, json, headers);
const register = (description: object = PHOTO) => world.registerResource(scene.pat, { ...description });
const tagOf = ({ headers }: Answer) => headers.get("etag");
const PRECONDITION_FAILED = refused(412, "precondition_failed");

describe("the version of a resource", () => {
  it("comes with it, and goes up with every change", async () => {
    const made = await scene.rs1.create(PHOTO);
    const id = String(made.body._id);
    expect(tagOf(made)).toBe('"1"');
    expect(tagOf(await scene.rs1.read(id))).toBe('"1"');
    expect(tagOf(await scene.rs1.update(id, PHOTO))).toBe('"2"');
    expect(tagOf(await patch(id, { name: "x" }))).toBe('"3"');
    expect(tagOf(await scene.rs1.read(id))).toBe('"3"');
  });

  it.each(["PUT", "PATCH", "DELETE"])("is what %s may be meant for", async (method) => {
    const id = await register();
    await scene.rs1.update(id, PHOTO);
    const body = method === "DELETE" ? undefined : { ...PHOTO, name: "changed" };
    expect(await edit(method, id, body, { "If-Match": '"1"' })).toMatchObject(PRECONDITION_FAILED);
    expect((await scene.rs1.read(id)).body.name).toBe("Wedding");
    expect((await edit(method, id, body, { "If-Match": '"2"' })).status).toBe(method === "DELETE" ? 204 : 200);
  });

  it("that is not there takes nothing away, not even for a moment", async () => {
    const photo = await register();
    await scene.permitAnyone({ target: { resources: [photo] } });
    const rpt = await scene.rpt(permission(photo, "view"));
    const late = [
      edit("PUT", photo, { resource_scopes: [] }, { "If-Match": '"7"' }),
      patch(photo, { resource_scopes: [] }, { "If-Match": '"7"' }),
      edit("DELETE", photo, undefined, { "If-Match": '"7"' }),
    ];
    for (const answer of await Promise.all(late)) expect(answer).toMatchObject(PRECONDITION_FAILED);
    expect(await scene.introspect(rpt)).toMatchObject({ active: true });
  });
});

describe("a patch", () => {
  it.each(["application/merge-patch+json", "application/json"])("of %s changes what it names", async (type) => {
    const id = await register();
    const text = JSON.stringify({ name: null, type: "photo", x_place: { floor: null }, external_id: "mine", _id: "x" });
    const patched = await world.send("PATCH", `/resources/${id}`, { bearer: scene.pat, text: [type, text] });
    const description = { resource_scopes: ["view", "print"], type: "photo", x_place: { city: "Bern" }, _id: id };
    expect(patched).toMatchObject({ status: 200 });
    expect(patched.body).toEqual(description);
    expect((await scene.rs1.read(id)).body).toEqual(description);
  });

  it("makes of many small pieces no more than could be sent at once", async () => {
    const id = await register();
    const piece = "x".repeat(6_000);
    const answers = [];
    for (const name of ["x_1", "x_2", "x_3"]) answers.push(await patch(id, { [name]: piece }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    const { body } = await scene.rs1.read(id);
    expect((await scene.rs1.update(id, body)).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ["no scopes", { resource_scopes: null }],
    ["a scope that is none", { resource_scopes: [""] }],
    ["no description", "view"],
    ["a list", [PHOTO]],
    ["null", null],
  ])("that leaves %s is refused, and changes nothing", async (_, body) => {
    const id = await register();
    expect(await patch(id, body)).toMatchObject(refused(400, "invalid_request"));
    expect((await scene.rs1.read(id)).body).toEqual({ ...PHOTO, _id: id });
  });

  it("takes a scope away at once", async () => {
    const photo = await register();
    await scene.permitAnyone({ target: { resources: [photo] } });
    const rpt = await scene.rpt(permission(photo, "view", "print"));
    await patch(photo, { resource_scopes: ["view"] });
    expect(await scene.introspect(rpt)).toMatchObject({ permissions: [{ resource_scopes: ["view"] }] });
  });

  it("of something else at the same moment is not lost: both hold", async () => {
    const id = await register();
    const members = Array.from({ length: 6 }, (_, index) => `x_${index}`);
    const answers = await Promise.all(members.map((member) => patch(id, { [member]: member })));
    for (const { status } of answers) expect(status).toBe(200);
    const all = Object.fromEntries(members.map((member) => [member, member]));
    expect((await scene.rs1.read(id)).body).toMatchObject({ ...PHOTO, ...all });
    expect(tagOf(await scene.rs1.read(id))).toBe('"7"');
  });

  it("of two for one version holds once", async () => {
    const id = await register();
    const headers = { "If-Match": '"1"' };
    const answers = await Promise.all([patch(id, { x_one: 1 }, headers), patch(id, { x_two: 2 }, headers)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it("is for what is one's own", async () => {
    const id = await register();
    const stranger = await scene.connectResourceServer();
    for (const answer of [await stranger.patch(id, { name: "x" }), await patch("AAAAAAAAAAAAAAAAAAAAAA", {})]) {
      expect(answer).toMatchObject(refused(404, "not_found"));
    }
  });

  it("may come from a page in a browser", async () => {
    const preflight = await world.send("OPTIONS", "/resources/x", {
      headers: { Origin: "https://app.example", "Access-Control-Request-Method": "PATCH" },
    });
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
  });
});
