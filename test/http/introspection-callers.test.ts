import { beforeAll, describe, expect, it } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { JWT_BEARER, SigningClient } from "../support/server/signing-client.ts";
import type { Credentials, World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/** Introspection by a resource server with credentials of its own (RFC 7662 §2.1), which the operator may let it. */

const world = localWorld();
const INACTIVE = { status: 200, json: { active: false } };
const OWN = { introspects_with_own_credentials: true };
let scene: Scene;
let photo: string;
let rpt: string;

beforeAll(async () => {
  scene = await Scene.open(world, OWN);
  photo = await scene.resource();
  await scene.permitAnyone();
  rpt = await scene.rpt({ resource_id: photo, resource_scopes: ["view"] });
});

const ask = (basic: Credentials, token = rpt, at: World = world) =>
  at.send("POST", "/introspection", { basic, form: { token } });

describe("a resource server that is registered for it", () => {
  it("reads of an RPT for it what it reads with a PAT", async () => {
    const plain = await world.introspect(scene.pat, rpt);
    const { id, secret } = scene.cast.rs1;
    const inBody = { form: { token: rpt, client_id: id, client_secret: secret } };
    for (const answer of [await ask(scene.cast.rs1), await world.send("POST", "/introspection", inBody)]) {
      expect(answer).toMatchObject({ status: 200, json: plain });
    }
    expect(plain).toMatchObject({ active: true, permissions: [{ resource_id: photo, resource_scopes: ["view"] }] });
  });

  it("may sign that it is itself", async () => {
    const client = await SigningClient.register(world);
    const registration = { client_name: "RS", grant_types: [], token_endpoint_auth_method: "private_key_jwt", ...OWN };
    const keys = { jwks: { keys: [client.signer.publicJwk] } };
    await world.admin("PUT", `/clients/${client.credentials.id}`, { ...registration, ...keys });
    const proof = { client_assertion: await client.assertion(), client_assertion_type: JWT_BEARER };
    expect(await world.send("POST", "/introspection", { form: { token: rpt, ...proof } })).toMatchObject(INACTIVE);
  });

  it("reads nothing of an RPT for another, whoever's it is", async () => {
    const other = await world.client({ grant_types: ["client_credentials"], ...OWN });
    expect(await ask(other)).toMatchObject(INACTIVE);
    await world.connect(scene.cast.alice, other, ["uma_protection"]);
    expect(await ask(other)).toMatchObject(INACTIVE);
  });

  it("reads nothing any more once its owner has disconnected it, at once", async () => {
    const own = await Scene.open(world, OWN);
    const door = await own.resource();
    await own.permitAnyone();
    const token = await own.rpt({ resource_id: door, resource_scopes: ["view"] });
    expect((await ask(own.cast.rs1, token)).body.active).toBe(true);
    await world.admin("DELETE", `/owners/${own.cast.alice}/connections/${own.cast.rs1.id}`);
    expect(await ask(own.cast.rs1, token)).toMatchObject(INACTIVE);
  });

  it("reads of an access token that was issued to it the scope, and no permissions", async () => {
    const answer = await ask(scene.cast.rs1, scene.pat);
    const { alice, rs1 } = scene.cast;
    expect(answer.body).toMatchObject({ active: true, client_id: rs1.id, sub: alice, scope: "uma_protection" });
    expect(answer.body).not.toHaveProperty("permissions");
    expect(await ask(scene.cast.rs1, scene.tool)).toMatchObject(INACTIVE);
  });

  it.each(["nonsense", "e30.e30.e30"])("reads nothing of %s", async (token) => {
    expect(await ask(scene.cast.rs1, token)).toMatchObject(INACTIVE);
  });

  it("needs its secret", async () => {
    expect(await ask({ ...scene.cast.rs1, secret: "wrong" })).toMatchObject(refused(401, "invalid_client"));
  });

  it("sends one token, in a form", async () => {
    const twice = [
      ["token", rpt],
      ["token", rpt],
    ] as const;
    for (const call of [{ form: twice }, { json: [rpt, rpt] }, { json: { token: rpt } }]) {
      for (const caller of [{ basic: scene.cast.rs1 }, { bearer: scene.pat }]) {
        const answer = await world.send("POST", "/introspection", { ...caller, ...call });
        expect(answer).toMatchObject(refused(400, "invalid_request"));
        expect(answer.body.error_description).toContain("one token is introspected at a time");
      }
    }
  });
});

describe("who may", () => {
  const callers = async (at: World) => {
    const registered = await ask(scene.cast.rs1, rpt, at);
    const other = await ask(await world.client({}), rpt, at);
    const { id } = await world.client({ token_endpoint_auth_method: "none", ...OWN });
    const open = await at.send("POST", "/introspection", { form: { token: rpt, client_id: id } });
    return [registered, other, open].map(({ status, body }) => `${status} ${body.active ?? body.error}`);
  };

  it.each([
    ["pat", ["401 invalid_token", "401 invalid_token", "401 invalid_token"], []],
    [
      "registered",
      ["200 true", "401 invalid_token", "401 invalid_token"],
      ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    ],
    [
      "any",
      ["200 true", "200 false", "401 invalid_token"],
      ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    ],
  ])("INTROSPECTION_CALLERS %s: one that is registered for it, one that is not, one without proof", async (...row) => {
    const [choice, answers, methods] = row;
    const at = configuredWorld({ INTROSPECTION_CALLERS: choice });
    expect(await callers(at)).toEqual(answers);
    const { body } = await at.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.introspection_endpoint_auth_methods_supported).toEqual(["Bearer", "DPoP", ...methods]);
  });

  it("whoever may not is asked for a PAT", async () => {
    const answer = await ask(await world.client({}));
    expect(answer).toMatchObject(refused(401, "invalid_token"));
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
    expect(answer.body.error_description).toContain("uma_protection");
  });
});

describe("of access tokens that tell who signed in", () => {
  it("an app reads its own, with the scope, until they are revoked, or its person takes the consent back", async () => {
    const app = await CodeApp.register(world, OWN);
    const person = await Resident.settle("Bob");
    const browser = await person.browse(world.site);
    const token = String((await app.connect(browser, { scope: "openid email" })).access_token);
    const { sub } = (await world.send("GET", "/userinfo", { bearer: token })).body;
    const answer = await ask(app.client, token);
    expect(answer.body).toMatchObject({ active: true, sub, client_id: app.client.id, scope: "openid email" });
    expect(await ask(scene.cast.rs1, token)).toMatchObject(INACTIVE);
    expect(await scene.introspect(token)).toEqual({ active: false });
    const revoke = (basic: Credentials) => world.send("POST", "/revocation", { basic, form: { token } });
    expect((await revoke(scene.cast.c1)).status).toBe(200);
    expect((await ask(app.client, token)).body.active).toBe(true);
    expect((await revoke(app.client)).status).toBe(200);
    expect(await ask(app.client, token)).toMatchObject(INACTIVE);
    expect((await world.send("GET", "/userinfo", { bearer: token })).status).toBe(401);
  });
});

describe("of access tokens that are no RPTs, a PAT", () => {
  it("reads those of its own owner and client", async () => {
    expect(await scene.introspect(scene.pat)).toMatchObject({ active: true, scope: "uma_protection" });
    const another = await world.connectedToken(scene.cast.rs1);
    expect(await scene.introspect(another)).toMatchObject({ active: true });
    for (const other of [scene.tool, (await Scene.open(world)).pat, (await scene.connectResourceServer()).pat]) {
      expect(await scene.introspect(other)).toEqual({ active: false });
    }
  });

  it("reads that one which was revoked is not active", async () => {
    const token = await world.connectedToken(scene.cast.rs1);
    await world.send("POST", "/revocation", { basic: scene.cast.rs1, form: { token } });
    expect(await scene.introspect(token)).toEqual({ active: false });
  });

  it("reads nothing once it is revoked itself", async () => {
    const bearer = await world.connectedToken(scene.cast.rs1);
    await world.send("POST", "/revocation", { basic: scene.cast.rs1, form: { token: bearer } });
    const answer = await world.send("POST", "/introspection", { bearer, form: { token: scene.pat } });
    expect(answer).toMatchObject(refused(401, "invalid_token"));
  });
});
