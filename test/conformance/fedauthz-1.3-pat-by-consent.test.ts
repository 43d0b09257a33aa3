import { expect, it } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { readIdToken } from "../support/server/id-tokens.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();

it("F-1.3-identity-token an app that asks for both gets a PAT, and beside it an ID Token that says who gave it", async () => {
  const server = await CodeApp.register(world);
  const browser = await (await Resident.settle()).browse(world.site);
  const body = await server.connect(browser, { scope: "openid uma_protection" });
  expect((await readIdToken(world, body, server.client.id)).claims).toMatchObject({ aud: server.client.id });
  const pat = String(body.access_token);
  await world.registerResource(pat, { resource_scopes: ["view"] });
  expect((await world.send("GET", "/userinfo", { bearer: pat })).status).toBe(200);
});

it("F-1.3-pat-grant-types a person gives a PAT by consent that names the resource server, an organisation by client credentials", async () => {
  const server = await CodeApp.register(world, {
    client_name: "Ana's Photos",
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  });
  const [ana, clinic] = [await Resident.settle(), await world.owner("Clinic")];
  const browser = await ana.browse(world.site);
  const page = await server.ask(browser);
  expect(page.text).toContain("Ana&#39;s Photos");
  await world.connect(clinic, server.client, ["uma_protection"]);
  const persons = (await server.connect(browser)).access_token;
  const organisations = await world.connectedToken(server.client, { resource_owner: clinic });
  const ids = await Promise.all(
    [persons, organisations].map((pat) => world.registerResource(String(pat), { resource_scopes: ["view"] })),
  );
  const read = (pat: unknown, id: string | undefined) => world.send("GET", `/resources/${id}`, { bearer: String(pat) });
  expect([(await read(persons, ids[0])).status, (await read(organisations, ids[1])).status]).toEqual([200, 200]);
  expect([(await read(persons, ids[1])).status, (await read(organisations, ids[0])).status]).toEqual([404, 404]);
});
