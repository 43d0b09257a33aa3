import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BOB, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let alice: Scene;
let mallory: Scene;
let photo: string;
beforeAll(async () => {
  [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
  photo = await alice.resource(["view", "print"], { type: "photo" });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const permit = (document: object) => ({
  effect: "permit",
  target: { resources: [photo] },
  scopes: ["view"],
  who: BOB,
  ...document,
});
const NOWHERE = "A".repeat(22);
const HOPELESS = { path: "who", message: "nobody can meet this as things are, so it permits nothing" };

describe("a policy that names what there is not", () => {
  it.each<[string, () => Promise<object> | object, readonly string[]]>([
    ["a resource", () => ({ target: { resources: [photo, NOWHERE] } }), ["target.resources[1]"]],
    [
      "a resource of another owner",
      async () => ({ target: { resources: [await mallory.resource()] } }),
      ["target.resources[0]"],
    ],
    ["a type", () => ({ target: { type: "foto" } }), ["target.type"]],
    ["a scope of a resource", () => ({ scopes: ["view", "veiw"] }), ["scopes[1]"]],
    ["a scope of a type", () => ({ target: { type: "photo" }, scopes: ["veiw"] }), ["scopes[0]"]],
    ["a scope of anything", () => ({ target: { all: true }, scopes: ["veiw"] }), ["scopes[0]"]],
    ["a group", () => ({ who: { any: [BOB, { group: NOWHERE }] } }), ["who.any[1].group"]],
    [
      "a group of another owner",
      async () => {
        const made = await mallory.ask("POST", "/groups", { name: "hers", members: [{ email: "eve@example.com" }] });
        return { who: { any: [BOB, { group: text(made, "group_id") }] } };
      },
      ["who.any[1].group"],
    ],
    ["an app", () => ({ who: { any: [BOB, { all: [BOB, { client: NOWHERE }] }] } }), ["who.any[1].all[1].client"]],
    ["an issuer", () => ({ who: { any: [BOB, { ...BOB, issuer: "https://nobody.example" }] } }), ["who.any[1].issuer"]],
    ["a time that is over", () => ({ when: { expires: "2020-01-01T00:00:00Z" } }), ["when.expires"]],
  ])("is taken if its author says so, and the answer says where: %s", async (_, change, paths) => {
    const made = await alice.ask("POST", "/policies?accept=warnings", permit(await change()));
    expect(made).toMatchObject({ status: 201, body: { warnings: paths.map((path) => ({ path })) } });
    const path = `/policies/${text(made, "policy_id")}`;
    expect((await alice.ask("GET", path)).body).toEqual(made.body);
    const replaced = await alice.ask("PUT", path, permit({}));
    expect(replaced).toMatchObject({ status: 200 });
    expect(replaced.body).not.toHaveProperty("warnings");
    expect((await alice.ask("PUT", `${path}?accept=warnings`, permit(await change()))).body).toMatchObject({
      warnings: paths.map((one) => ({ path: one })),
    });
  });

  it("is not saved unless its author says that it is meant so", async () => {
    const odd = permit({ who: { client: NOWHERE } });
    const warnings = [{ path: "who.client", message: "there is no such client" }, HOPELESS];
    const refusal = { status: 422, body: { error: "has_warnings", warnings } };
    const before = (await alice.ask("GET", "/policies?limit=200")).body;
    expect(await alice.ask("POST", "/policies", odd)).toMatchObject(refusal);
    expect((await alice.ask("GET", "/policies?limit=200")).body).toEqual(before);
    const path = `/policies/${await alice.permit(photo, ["view"])}`;
    const { body } = await alice.ask("GET", path);
    expect(await alice.ask("PUT", path, odd)).toMatchObject(refusal);
    expect((await alice.ask("GET", path)).body).toEqual(body);
  });

  it("that was answered with them is the same edit when it comes again with their acceptance", async () => {
    const odd = permit({ who: { client: NOWHERE } });
    const key = { "Idempotency-Key": crypto.randomUUID() };
    expect((await alice.ask("POST", "/policies", odd, key)).status).toBe(422);
    const made = await alice.ask("POST", "/policies?accept=warnings", odd, key);
    const again = await alice.ask("POST", "/policies?accept=warnings", odd, key);
    expect([made.status, again.status]).toEqual([201, 201]);
    expect(again.body.policy_id).toBe(made.body.policy_id);
  });

  it.each(["?accept=all", "?accept=", "?accept=warnings&accept=warnings", "?dry=true"])(
    "is refused with a query that says something else: %s",
    async (query) => {
      const { status, body } = await alice.ask("POST", `/policies${query}`, permit({}));
      expect([status, body.error]).toEqual([400, "invalid_request"]);
    },
  );

  it("tells nothing to a tool that is connected no more", async () => {
    const scene = await Scene.open(world);
    await scene.disconnectTool();
    const answer = await scene.ask("POST", "/policies", permit({ who: { client: NOWHERE } }));
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(answer.body).not.toHaveProperty("warnings");
  });

  it("is remarked on for what it names of no other's only", async () => {
    const group = await alice.ask("POST", "/groups", { name: "hers", members: [{ email: "bob@example.com" }] });
    const who = { any: [{ group: text(group, "group_id") }, { all: [BOB, { client: alice.cast.c1.id }] }] };
    const made = await alice.ask("POST", "/policies", permit({ target: { type: "photo" }, scopes: ["print"], who }));
    expect(made.status).toBe(201);
    expect(made.body).not.toHaveProperty("warnings");
  });

  it("may go stale, which is said when it is read", async () => {
    const scan = await alice.resource();
    const made = await alice.ask("POST", "/policies", permit({ target: { resources: [scan] } }));
    await world.send("DELETE", `/resources/${scan}`, { bearer: alice.pat });
    const read = await alice.ask("GET", `/policies/${text(made, "policy_id")}`);
    expect(read.body.warnings).toEqual([
      { path: "target.resources[0]", message: "there is no such resource of this owner" },
    ]);
  });

  it("is remarked on before it is written, too, where one asks what it would do", async () => {
    const policies = [permit({}), permit({ who: { client: NOWHERE } })];
    const { body } = await alice.ask("POST", "/explain", { resource_id: photo, client_id: alice.cast.c1.id, policies });
    expect(body.warnings).toEqual([
      { path: "policies[1].who.client", message: "there is no such client" },
      { ...HOPELESS, path: "policies[1].who" },
    ]);
    const asked = await alice.ask("POST", "/explain", { resource_id: photo, client_id: alice.cast.c1.id });
    expect(asked.body).not.toHaveProperty("warnings");
  });

  it("is written all the same where what it names cannot be looked up", async () => {
    const statement = Object.getPrototypeOf(env.DB);
    const batch = statement.batch;
    vi.spyOn(statement, "batch").mockImplementation(async function (this: D1Database, ...parameters: unknown[]) {
      const list = parameters[0] as { statement?: string }[];
      if (list.some((one) => one.statement?.includes("trusted_issuers")))
        throw new Error("D1_ERROR: Network connection lost.");
      return batch.apply(this, parameters);
    });
    const made = await alice.ask("POST", "/policies", permit({ who: { client: NOWHERE } }));
    expect(made.status).toBe(201);
    expect(made.body).not.toHaveProperty("warnings");
  });
});

it("a group is remarked on for members that nobody can be", async () => {
  const members = [{ email: "bob@example.com" }, { issuer: "https://nobody.example", subject: "eve" }];
  const mixed = { name: "mixed", members };
  expect(await alice.ask("POST", "/groups", mixed)).toMatchObject({ status: 422, body: { error: "has_warnings" } });
  const made = await alice.ask("POST", "/groups?accept=warnings", mixed);
  const warning = { path: "members[1].issuer", message: "is not trusted here, so nobody is known by its word" };
  expect(made).toMatchObject({ status: 201, body: { warnings: [warning] } });
  expect((await alice.ask("GET", `/groups/${text(made, "group_id")}`)).body).toEqual(made.body);
});
