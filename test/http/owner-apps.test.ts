import { expect, it } from "vitest";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

it("what is connected to an owner is told to the owner's tool, and ended by none", async () => {
  const alice = await Scene.open(world, { client_uri: "https://records.example/" });
  await alice.resource();
  const { body } = await alice.ask("GET", "/apps");
  const { rs1, tool } = alice.cast;
  expect(body.items).toHaveLength(2);
  expect(body.items).toContainEqual({
    client_id: rs1.id,
    client_name: "RS1",
    client_uri: "https://records.example/",
    scopes: ["uma_protection"],
    connected_at: expect.any(Number),
    resources: 1,
  });
  expect(body.items).toContainEqual(
    expect.objectContaining({ client_id: tool.id, scopes: ["uma_policy"], resources: 0 }),
  );
  expect((await alice.ask("DELETE", "/apps")).status).toBe(405);
  const first = await alice.ask("GET", "/apps?limit=1");
  const second = await alice.ask("GET", `/apps?limit=1&cursor=${first.body.next}`);
  expect([...(first.body.items ?? []), ...(second.body.items ?? [])]).toEqual(body.items);
  expect(second.body).not.toHaveProperty("next");
});
