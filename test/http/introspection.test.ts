import { beforeAll, describe, expect, it } from "vitest";
import { type Cast, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let cast: Cast;
let pat: string;
let photo: string;
let rpt: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
  photo = await world.registerResource(pat, { resource_scopes: ["view"] });
  const everyone = { effect: "permit", target: { resources: [photo] }, scopes: "all", who: { anyone: true } };
  await world.policy(await world.connectedToken(cast.tool), everyone);
  const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
  rpt = text(await world.uma(cast.c1, ticket), "access_token");
});

const introspect = (form: Readonly<Record<string, string>>, bearer = pat) =>
  world.send("POST", "/introspection", { bearer, form });

describe("introspection", () => {
  it("tells an RPT's permissions, and no scope", async () => {
    const answer = await introspect({ token: rpt });
    expect(answer.body).toMatchObject({
      active: true,
      permissions: [{ resource_id: photo, resource_scopes: ["view"] }],
    });
    expect(answer.body).not.toHaveProperty("scope");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each(["access_token", "refresh_token", "foo"])("with the hint %s", async (hint) => {
    expect((await introspect({ token: rpt, token_type_hint: hint })).body.active).toBe(true);
  });

  it("tells others nothing", async () => {
    const carol = await world.cast();
    const rs2 = await world.client({ client_name: "RS2", grant_types: ["client_credentials"] });
    await world.connect(cast.alice, rs2, ["uma_protection"]);
    for (const client of [carol.rs1, rs2]) {
      expect((await introspect({ token: rpt }, await world.connectedToken(client))).json).toEqual({ active: false });
    }
  });

  it.each([
    ["a random one", () => "x"],
    ["an altered one", () => `${rpt.slice(0, -4)}AAAA`],
  ])("%s is inactive", async (_, token) => {
    expect(await introspect({ token: token() })).toMatchObject({ status: 200, json: { active: false } });
  });

  it("takes an authorized POST of a form with a token", async () => {
    expect((await world.send("POST", "/introspection", { form: { token: rpt } })).status).toBe(401);
    expect((await introspect({})).body.error).toBe("invalid_request");
    expect((await world.send("GET", "/introspection", { bearer: pat })).status).toBe(405);
    expect((await world.send("POST", "/introspection", { bearer: pat, json: { token: rpt } })).status).toBe(400);
  });
});
