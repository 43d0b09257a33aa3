import { beforeAll, describe, expect, it } from "vitest";
import { ANYONE, BOB, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let alice: Scene;
let photo: string;
beforeAll(async () => {
  alice = await Scene.open(world);
  photo = await alice.resource(["view", "print"], { type: "photo" });
});

const permit = (more: object = {}) => ({
  effect: "permit",
  target: { resources: [photo] },
  scopes: ["view"],
  who: BOB,
  ...more,
});
const preview = (document: object, query = "") => alice.ask("POST", `/preview${query}`, document);

describe("a preview of a policy", () => {
  it("says what it means and what would follow, and saves nothing", async () => {
    const before = (await alice.ask("GET", "/policies")).body;
    expect(await preview(permit())).toMatchObject({
      status: 200,
      body: {
        sentence: `Permits view on the resource ${photo} to anyone whose email is bob@example.com.`,
        effect: { counted: true, newcomers: 1, gainers: 0, losers: 0, unchanged: 0, allowed_by: [], denied_by: [] },
      },
    });
    expect((await alice.ask("GET", "/policies")).body).toEqual(before);
  });

  it("has the warnings that saving it would have", async () => {
    const odd = permit({ who: { group: "A".repeat(22) } });
    const { body } = await preview(odd);
    expect(body.warnings).toMatchObject([{ path: "who.group" }, { path: "who" }]);
    expect((await alice.ask("POST", "/policies", odd)).body.warnings).toEqual(body.warnings);
  });

  it("counts the people of groups, and calls these by their names", async () => {
    const members = [{ email: "bob@example.com" }, { email: "carol@example.com" }];
    const group = text(await alice.ask("POST", "/groups", { name: "Friends", members }), "group_id");
    const { body } = await preview(permit({ who: { group } }));
    expect(body).toMatchObject({ sentence: expect.stringContaining("Friends"), effect: { newcomers: 2 } });
  });

  it("names the policy that says the same: of the kind, or of everything", async () => {
    const scene = await Scene.open(world);
    const scan = await scene.resource(["view"], { type: "image" });
    const ask = (more: object) =>
      scene.ask("POST", "/preview", { ...permit({ target: { resources: [scan] } }), ...more });
    const kind = await world.policy(scene.tool, permit({ target: { type: "image" } }));
    expect((await ask({})).body.effect).toMatchObject({ newcomers: 0, unchanged: 1, allowed_by: [kind] });
    expect((await ask({ target: { type: "image" } })).body.effect).toMatchObject({ allowed_by: [kind] });
    expect((await ask({ target: { all: true } })).body.effect).toMatchObject({ allowed_by: [], newcomers: 1 });
    const all = await world.policy(scene.tool, permit({ target: { all: true }, who: ANYONE }));
    expect((await ask({ target: { all: true } })).body.effect).toMatchObject({ allowed_by: [all] });
  });

  it("is one of a change where it says which policy it would replace", async () => {
    const scene = await Scene.open(world);
    const scan = await scene.resource(["view"]);
    const id = await scene.permit(scan, ["view"]);
    const carol = { claim: "email", equals: "carol@example.com" };
    const ask = (replaces: string) =>
      scene.ask("POST", `/preview?replaces=${replaces}`, permit({ target: { resources: [scan] }, who: carol }));
    expect((await ask(id)).body.effect).toMatchObject({ newcomers: 1, losers: 0 });
    expect((await scene.ask("POST", `/preview?replaces=${id}`, { ...permit(), scopes: ["print"] })).status).toBe(200);
    expect((await ask("A".repeat(22))).status).toBe(404);
  });

  it("has no effect to tell where its people cannot be told one by one", async () => {
    const { body } = await preview(permit({ who: { all: [{ anyone: true }, { not: BOB }] } }));
    expect(body.effect).toBeNull();
  });

  it("is refused for what could not be saved, and for a query that is not known", async () => {
    expect((await preview(permit({ who: {} }))).body.error_description).toMatch(/^who: /);
    expect((await preview(permit(), "?dry_run=true")).status).toBe(400);
  });

  it("tells nothing to a tool that is connected no more", async () => {
    const scene = await Scene.open(world);
    await scene.disconnectTool();
    const answer = await scene.ask("POST", "/preview", permit());
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  });
});
