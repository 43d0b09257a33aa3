import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import api from "../../docs/api.md?raw";
import { CALLBACK, CodeApp } from "../support/server/code-app.ts";
import { ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { text, World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const PAT_LIFETIME_SECONDS = 3_600;
let scene: Scene;
let rs1: ProtectionApi;
let photo: string;
let rpt: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  rs1 = scene.rs1;
  photo = await rs1.register("view");
  await scene.permitAnyone();
  rpt = await scene.rpt(permission(photo, "view"));
});

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock of the whole server, as far as a token's life needs. */
function travel(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

/** Every call of the protection API, with this access token. */
const CALLS: readonly (readonly [name: string, call: (api: ProtectionApi) => ReturnType<ProtectionApi["list"]>])[] = [
  ["create", (api) => api.create({ resource_scopes: ["view"] })],
  ["list", (api) => api.list()],
  ["read", (api) => api.read(photo)],
  ["update", (api) => api.update(photo, { resource_scopes: ["view"] })],
  ["delete", (api) => api.remove("nobody-made-this")],
  ["permission", (api) => api.ask(permission(photo, "view"))],
  ["introspection", (api) => api.introspect(rpt)],
  ["introspection of nothing", (api) => api.introspect("nobody-issued-this")],
];

/** The same server, asked without any credentials. */
const withoutCredentials = new World({
  ...world.site,
  fetch: (request) => {
    request.headers.delete("Authorization");
    return world.site.fetch(request);
  },
});

async function expectUnusable(pat: string): Promise<void> {
  for (const [name, call] of CALLS) {
    const answer = await call(new ProtectionApi(world, pat));
    expect(answer, name).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(answer.headers.get("www-authenticate"), name).toContain('error="invalid_token"');
  }
}

describe("notation (§1.1)", () => {
  it("F-1.1-case-sensitive names and values in another case are other names and values", async () => {
    expect((await rs1.create({ Resource_Scopes: ["view"] })).status).toBe(400);
    expect((await rs1.ask({ Resource_Id: photo, resource_scopes: ["view"] })).status).toBe(400);
    expect((await rs1.ask(permission(photo, "View"))).body.error).toBe("invalid_scope");
    expect((await rs1.ask(permission(photo.toLowerCase(), "view"))).body.error).toBe("invalid_resource_id");
    const form = await world.send("POST", "/introspection", { bearer: rs1.pat, form: { Token: "x" } });
    expect(form.status).toBe(400);
  });

  it("F-1.1-ignore-extensions members that nobody defined are passed over", async () => {
    expect((await rs1.create({ resource_scopes: ["view"], x_foo: { deep: [1] } })).status).toBe(201);
    expect((await rs1.ask([{ ...permission(photo, "view"), x_foo: 1 }])).status).toBe(201);
    const form = { token: rpt, x_foo: "1" };
    const answer = await world.send("POST", "/introspection", { bearer: rs1.pat, form });
    expect(answer.body.active).toBe(true);
  });

  it("F-1.1-emit-extensions answers have defined members only, so none can change what these mean", async () => {
    expect(Object.keys((await rs1.create({ resource_scopes: [] })).body)).toEqual(["_id", "user_access_policy_uri"]);
    expect(Object.keys((await rs1.ask(permission(photo, "view"))).body)).toEqual(["ticket"]);
    expect(Object.keys((await rs1.ask([])).body)).toEqual(["error", "error_description", "error_uri"]);
    const { body } = await rs1.introspect(rpt);
    const defined = ["active", "token_type", "iss", "aud", "sub", "client_id", "iat", "nbf", "exp", "permissions"];
    expect(defined).toEqual(expect.arrayContaining(Object.keys(body)));
  });
});

describe("the protection API access token (§1.2, §1.3)", () => {
  it("F-1.2-pat-scope a token of the same client counts only with the scope uma_protection", async () => {
    const both = await world.client({ client_name: "both", grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, both, ["uma_protection", "uma_policy"]);
    const other = new ProtectionApi(world, await world.connectedToken(both, { scope: "uma_policy" }));
    for (const [name, call] of CALLS) {
      const answer = await call(other);
      expect(answer.body.error, name).toBe("insufficient_scope");
      expect(answer.status, name).toBe(name.startsWith("introspection") ? 401 : 403);
    }
    const pat = new ProtectionApi(world, await world.connectedToken(both, { scope: "uma_protection" }));
    expect((await pat.ask(permission(await pat.register("view"), "view"))).status).toBe(201);
  });

  it("F-1.2-pat-owner F-1.3-legal-person-ro what a PAT makes belongs to its owner, an organisation here", async () => {
    const carol = await Scene.open(world);
    const access = (tool: string) => world.send("GET", `/owner/resources/${photo}/access`, { bearer: tool });
    expect(await access(scene.tool)).toMatchObject({ status: 200, body: { resource_id: photo } });
    expect((await access(carol.tool)).status).toBe(404);
    expect((await scene.ask("GET", "/resources")).text).toContain(photo);
    expect((await carol.ask("GET", "/resources")).text).not.toContain(photo);
  });

  it.each(CALLS)("F-1.3-pat-required-rreg F-1.3-pat-required-perm %s is nothing without a token", async (_, call) => {
    for (const asked of [withoutCredentials, world]) {
      const answer = await call(new ProtectionApi(asked, ""));
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
    }
  });

  it("F-1.3-pat-required-rreg F-1.3-pat-required-perm F-1.3-pat-required-introspection not with a revoked PAT", async () => {
    const rs2 = await world.client({ client_name: "RS2", grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, rs2, ["uma_protection"]);
    const token = await world.connectedToken(rs2);
    expect((await new ProtectionApi(world, token).list()).status).toBe(200);
    await world.send("POST", "/revocation", { basic: rs2, form: { token } });
    await expectUnusable(token);
  });

  it("F-1.3-pat-required-rreg F-1.3-pat-required-perm F-1.3-pat-required-introspection not with an expired PAT", async () => {
    travel(PAT_LIFETIME_SECONDS + 1);
    await expectUnusable(rs1.pat);
  });

  it("F-1.3-pat-required-perm F-1.3-pat-required-introspection no other credential stands in for a PAT", async () => {
    await expectUnusable(rpt);
    await expectUnusable(await world.idToken(scene.cast, { aud: world.site.issuer }));
    const asClient = await world.send("POST", "/introspection", { basic: scene.cast.rs1, form: { token: rpt } });
    expect(asClient.status).toBe(401);
    expect(asClient.text).not.toContain("permissions");
    expect((await rs1.introspect(rpt)).body.active).toBe(true);
  });

  it("F-1.3-bearer-as it is sent as a bearer token to all three endpoints", async () => {
    const answers = [await rs1.list(), await rs1.ask(permission(photo, "view")), await rs1.introspect(rpt)];
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 200]);
  });

  it("F-1.3-pat-unique a PAT is for one owner at one resource server", async () => {
    const alice = scene.cast.alice;
    const carol = await world.owner("carol");
    const shared = await world.client({ client_name: "RS of both", grant_types: ["client_credentials"] });
    await world.connect(alice, shared, ["uma_protection"]);
    await world.connect(carol, shared, ["uma_protection"]);
    const patOf = async (owner: string) =>
      new ProtectionApi(world, await world.connectedToken(shared, { resource_owner: owner }));
    const [forAlice, forCarol] = [await patOf(alice), await patOf(carol)];
    const album = await forAlice.register("view");
    expect((await forAlice.read(album)).status).toBe(200);
    for (const stranger of [forCarol, rs1]) expect((await stranger.read(album)).status).toBe(404);
    const unnamed = await world.token(shared, { grant_type: "client_credentials" });
    expect(unnamed).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  it("F-1.3-non-http nothing but HTTP is advertised", async () => {
    const { body } = await world.send("GET", "/.well-known/uma2-configuration");
    const places = Object.entries(body).filter(([member]) => /_(endpoint|uri)$/.test(member));
    expect(places.length).toBeGreaterThan(5);
    for (const [member, place] of places) expect(String(place), member).toMatch(/^https?:\/\//);
  });
});

describe("the parties (§1.4, §1.5)", () => {
  it("F-1.4-rs-operator independent resource servers of one owner see what is theirs", async () => {
    const rs2 = await scene.connectResourceServer({ client_name: "RS2" });
    const theirs = await rs2.register("view");
    expect((await rs2.list()).json).toEqual([theirs]);
    expect((await rs1.list()).json).not.toContain(theirs);
  });

  it("F-1.4-offline-pat a person's resource server goes on by its refresh token when they have left", async () => {
    const [ana, server] = [await Resident.settle(), await CodeApp.register(world)];
    const browser = await ana.browse(world.site);
    const { access_token, refresh_token } = await server.connect(browser);
    const before = new ProtectionApi(world, String(access_token));
    const album = await before.register("view");
    await browser.submit(await browser.open("/account"), "/sign-out");
    expect((await browser.open("/account")).status).toBe(303);
    travel(PAT_LIFETIME_SECONDS + 1);
    await expectUnusable(before.pat);
    const refreshed = await server.refresh(refresh_token);
    expect(refreshed).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
    const later = new ProtectionApi(world, String(refreshed.body.access_token));
    expect((await later.ask(permission(album, "view"))).status).toBe(201);
    expect(await later.introspect("x")).toMatchObject({ status: 200, json: { active: false } });
  });

  it("F-1.4-offline-pat an organisation's gets another one itself, days later", async () => {
    travel(3 * 86_400);
    expect((await rs1.list()).status).toBe(401);
    const later = new ProtectionApi(world, await world.connectedToken(scene.cast.rs1));
    expect((await later.ask(permission(photo, "view"))).status).toBe(201);
    expect(await later.introspect(rpt)).toMatchObject({ status: 200, json: { active: false } });
  });

  it("F-1.5-declare-endpoints F-1.5-introspection-optional what is published is what answers", async () => {
    const { body } = await world.send("GET", "/.well-known/uma2-configuration");
    const post = (member: string, call: object) => world.send("POST", String(body[member]), call);
    const bearer = rs1.pat;
    const made = await post("resource_registration_endpoint", { bearer, json: { resource_scopes: ["view"] } });
    expect(made.status).toBe(201);
    const ticket = text(await post("permission_endpoint", { bearer, json: permission(photo, "view") }), "ticket");
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:uma-ticket", ticket };
    const token = text(await post("token_endpoint", { basic: scene.cast.c1, form }), "access_token");
    const introspected = await post("introspection_endpoint", { bearer, form: { token } });
    expect(introspected).toMatchObject({ status: 200, body: { active: true, permissions: expect.any(Array) } });
  });

  it("F-1.5-rs-is-client the operator registers a resource server, which gets its PAT itself", async () => {
    const client = await world.client({ client_name: "new RS", grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, client, ["uma_protection"]);
    const form = { grant_type: "client_credentials", scope: "uma_protection" };
    expect(await world.token(client, form)).toMatchObject({ status: 200, body: { scope: "uma_protection" } });
  });

  it("F-1.5-rs-is-client a resource server registers itself, where the operator lets it, and a person gives it the PAT", async () => {
    const token = await initialAccessToken(world, { connection_scopes: ["uma_protection"] });
    const metadata = { redirect_uris: [CALLBACK], scope: "uma_protection" };
    const { body, client } = await SelfRegistered.register(world, metadata, token);
    expect(body.scope).toBe("uma_protection");
    const browser = await (await Resident.settle()).browse(world.site);
    const { access_token } = await CodeApp.of(world, client, CALLBACK).connect(browser);
    expect((await new ProtectionApi(world, String(access_token)).create({ resource_scopes: [] })).status).toBe(201);
  });
});

describe("who is responsible for which rules", () => {
  const documents = {
    SERVICE_DOCUMENTATION: "https://clinic.example/usher/docs#who-is-responsible-for-what",
    OP_POLICY_URI: "https://clinic.example/usher/policy",
    OP_TOS_URI: "https://clinic.example/usher/terms",
  };

  it("F-1.4-agreements is written down for owner, operator and resource server, and named in the metadata", async () => {
    const [, section = ""] = api.split("\n## Who is responsible for what\n");
    for (const who of ["Usher", "resource server", "operator", "owner", "client"])
      expect(section).toContain(`**${who}**`);
    const named = await configuredWorld(documents).send("GET", "/.well-known/uma2-configuration");
    expect(named.body).toMatchObject({
      service_documentation: documents.SERVICE_DOCUMENTATION,
      op_policy_uri: documents.OP_POLICY_URI,
      op_tos_uri: documents.OP_TOS_URI,
    });
    const { body } = await world.send("GET", "/.well-known/uma2-configuration");
    for (const member of ["service_documentation", "op_policy_uri", "op_tos_uri"])
      expect(body).not.toHaveProperty(member);
  });
});
