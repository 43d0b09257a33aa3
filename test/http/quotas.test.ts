import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { Scene } from "../support/server/scene.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** One tool or one resource server that writes without end, in a database that others share. */
const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

const POLICY = { effect: "deny", target: { resources: ["x"] }, scopes: "all", who: { anyone: true } };
const REFUSED = {
  status: 403,
  body: { error: "quota_exceeded", error_description: expect.stringMatching("remove some") },
};

const ownersTool = (method: string, path: string, json?: unknown) =>
  world.send(method, `/owner${path}`, { bearer: scene.tool, ...(json === undefined ? {} : { json }) });

/** As if the owner's tools had written so much. */
async function pretend(used: { readonly policies?: number; readonly groups?: number; readonly bytes?: number }) {
  const { policies = 0, groups = 0, bytes = 0 } = used;
  await env.DB.prepare(
    `INSERT INTO policy_usage (owner_id, policies, groups, bytes) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (owner_id) DO UPDATE SET policies = ?2, groups = ?3, bytes = ?4`,
  )
    .bind(scene.cast.alice, policies, groups, bytes)
    .run();
}

describe("a quota that is used up", () => {
  it("refuses the next resource with an error of its own, tells the operator, and has room for what replaces it", async () => {
    const small = configuredWorld({ RESOURCES_PER_CONNECTION: "2" });
    const made = [1, 2, 3].map(() =>
      small.send("POST", "/resources", { bearer: scene.rs1.pat, json: { resource_scopes: ["view"] } }),
    );
    const log = vi.spyOn(console, "warn");
    const answers = await Promise.all(made);
    const said = log.mock.calls.flat();
    log.mockRestore();
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403]);
    expect(answers.find(({ status }) => status === 403)).toMatchObject(REFUSED);
    const line = { event: "quota_reached", owner_id: scene.cast.alice, client_id: scene.cast.rs1.id };
    expect(said.filter((entry) => entry.event === "quota_reached")).toMatchObject([line]);

    const counts = await small.admin("GET", `/owners/${scene.cast.alice}/counts`);
    expect(counts.body.connections).toEqual([
      {
        client_id: scene.cast.rs1.id,
        resources: { used: 2, limit: 2 },
        resource_bytes: { used: 2 * '{"resource_scopes":["view"]}'.length, limit: 100_000_000 },
      },
    ]);
    const [first] = (await scene.rs1.list()).json as string[];
    expect((await scene.rs1.remove(String(first))).status).toBe(204);
    const again = await small.send("POST", "/resources", { bearer: scene.rs1.pat, json: { resource_scopes: [] } });
    expect(again.status).toBe(201);
  });

  it.each([
    ["too many policies", { policies: 10_000 }, "/policies?accept=warnings", POLICY],
    ["too many groups", { groups: 1_000 }, "/groups", { name: "g", members: [] }],
    ["too much of policies", { bytes: 50_000_000 }, "/policies?accept=warnings", POLICY],
    ["too much of groups", { bytes: 50_000_000 }, "/groups", { name: "g", members: [] }],
  ])("refuses %s", async (_, used, path, json) => {
    await pretend(used);
    expect(await ownersTool("POST", path, json)).toMatchObject(REFUSED);
    await pretend({});
    expect((await ownersTool("POST", path, json)).status).toBe(201);
  });

  it("lets a policy be replaced by a shorter one, and removed", async () => {
    const { policy_id: id } = (await ownersTool("POST", "/policies?accept=warnings", { ...POLICY, name: "long" })).body;
    await pretend({ policies: 10_000, bytes: 50_000_000 });
    expect(await ownersTool("PUT", `/policies/${id}?accept=warnings`, { ...POLICY, name: "longer" })).toMatchObject(
      REFUSED,
    );
    expect((await ownersTool("PUT", `/policies/${id}?accept=warnings`, POLICY)).status).toBe(200);
    expect((await ownersTool("DELETE", `/policies/${id}`)).status).toBe(204);
  });

  it("is shown to the operator with what is used", async () => {
    await pretend({ policies: 3, groups: 2, bytes: 1_000 });
    expect((await world.admin("GET", `/owners/${scene.cast.alice}/counts`)).body).toMatchObject({
      policies: { used: 3, limit: 10_000 },
      groups: { used: 2, limit: 1_000 },
      policy_bytes: { used: 1_000, limit: 50_000_000 },
    });
  });
});
