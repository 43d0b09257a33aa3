import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createServices } from "../../src/services.ts";
import { CountingDatabase } from "../support/counting-database.ts";
import { localWorld } from "../support/local-world.ts";
import { World } from "../support/world.ts";

const SCOPES = ["view", "print"];

it("D1 is asked once for each call of the protection API (design.md, round trips)", async () => {
  const database = new CountingDatabase(env.DB);
  const app = createApp(createServices({ ...env, DB: database.db }));
  const world = new World({ ...localWorld().site, fetch: async (request) => app.fetch(request) });
  const cast = await world.cast();
  const pat = await world.connectedToken(cast.rs1);
  const photo = await world.registerResource(pat, { resource_scopes: SCOPES });
  const ticket = () => world.ticket(pat, { resource_id: photo, resource_scopes: SCOPES });
  await ticket();

  expect(await database.during(ticket)).toBe(1);
  expect(await database.during(() => world.registerResource(pat, { resource_scopes: SCOPES }))).toBe(1);
  expect(await database.during(() => world.send("GET", `/resources/${photo}`, { bearer: pat }))).toBe(1);
  expect(await database.during(() => world.send("GET", "/resources", { bearer: pat }))).toBe(1);
  expect(await database.during(() => world.connectedToken(cast.rs1))).toBe(1);
  expect(await database.during(() => world.introspect(pat, "x"))).toBe(0);
});
