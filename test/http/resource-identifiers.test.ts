import { beforeAll, describe, expect, it } from "vitest";
import { ProtectionApi } from "../support/server/protection-api.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { freshId } from "../support/workerd/records.ts";

const world = localWorld();
const BASE = `https://${freshId("mcp")}.example/mcp`;
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world, { resource_identifiers: [BASE] });
});

const named = (...identifiers: readonly unknown[]) => ({
  resource_scopes: ["view"],
  resource_identifiers: identifiers,
});
const freshName = () => `${BASE}/${freshId("name")}`;
const REFUSED = refused(400, "invalid_request", {
  error_description: expect.stringMatching(/^resource_identifiers/),
});

describe("the identifiers of a resource", () => {
  it("are read back, changed and removed like the rest of its description", async () => {
    const [one, two] = [freshName(), freshName()];
    const id = text(await scene.rs1.create(named(BASE, one)), "_id");
    expect((await scene.rs1.read(id)).body.resource_identifiers).toEqual([BASE, one]);
    expect((await scene.rs1.update(id, named(one, two))).status).toBe(200);
    expect((await scene.rs1.patch(id, { resource_identifiers: null })).status).toBe(200);
    expect((await scene.rs1.create(named(one, two, BASE))).status).toBe(201);
  });

  it.each([
    ["of another host", "https://other.example/mcp"],
    ["of a longer name", `${BASE}2`],
    ["that is none", "mcp"],
    ["with a fragment", `${BASE}#a`],
    ["not as it is compared", BASE.replace("https://", "HTTPS://")],
    ["that is no text", 1],
  ])("are refused with one %s", async (_, identifier) => {
    const id = await scene.resource(["view"]);
    expect(await scene.rs1.create(named(identifier))).toMatchObject(REFUSED);
    expect(await scene.rs1.update(id, named(identifier))).toMatchObject(REFUSED);
    expect(await scene.rs1.patch(id, { resource_identifiers: [identifier] })).toMatchObject(REFUSED);
  });

  it("are refused of a resource server that has none", async () => {
    const other = await scene.connectResourceServer();
    expect(await other.create(named(freshName()))).toMatchObject(REFUSED);
  });

  it("lead to one resource of an owner, and are free again with its end", async () => {
    const name = freshName();
    const first = text(await scene.rs1.create(named(name)), "_id");
    expect(await scene.rs1.create(named(name))).toMatchObject(REFUSED);
    const second = await scene.resource(["view"]);
    expect(await scene.rs1.patch(second, { resource_identifiers: [name] })).toMatchObject(REFUSED);
    await scene.rs1.remove(first);
    expect((await scene.rs1.patch(second, { resource_identifiers: [name] })).status).toBe(200);
  });

  it("may be the same for another owner's", async () => {
    const name = freshName();
    await scene.rs1.create(named(name));
    const carol = await world.owner("carol");
    await world.connect(carol, scene.cast.rs1, ["uma_protection"]);
    const form = { grant_type: "client_credentials", resource_owner: carol };
    const pat = text(await world.token(scene.cast.rs1, form), "access_token");
    expect((await new ProtectionApi(world, pat).create(named(name))).status).toBe(201);
  });

  it("do not stand in the way of a registration that is sent again", async () => {
    const body = { ...named(freshName()), external_id: freshId("external") };
    const made = await scene.rs1.create(body);
    expect(await scene.rs1.create(body)).toMatchObject({ status: 200, body: { _id: made.body._id } });
    const keyed = named(freshName());
    const key = { "Idempotency-Key": freshId("key") };
    const call = { bearer: scene.pat, json: keyed, headers: key };
    const once = await world.send("POST", "/resources", call);
    expect(await world.send("POST", "/resources", call)).toMatchObject({ body: { _id: once.body._id } });
  });
});

describe("what an operator says about a resource server's identifiers", () => {
  it("is read back, and checked", async () => {
    const client = await world.client({ client_name: "RS", resource_identifiers: [BASE] });
    expect((await world.admin("GET", `/clients/${client.id}`)).body.resource_identifiers).toEqual([BASE]);
    const wrong = { client_name: "RS", resource_identifiers: ["https://mcp.example"] };
    expect(await world.admin("POST", "/clients", wrong)).toMatchObject(REFUSED);
  });
});
