import { afterEach, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Prover } from "../support/server/prover.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();

afterEach(() => {
  vi.useRealTimers();
});

const invalidToken = { status: 401, body: { error: "invalid_token" } };

/** The answers to every call of the protection API. */
function everyCall(api: ProtectionApi, resource: string, rpt: string): Promise<readonly Answer[]> {
  return Promise.all([
    api.list(),
    api.create({ resource_scopes: [] }),
    api.read(resource),
    api.update(resource, { resource_scopes: [] }),
    api.remove(resource),
    api.ask(permission(resource, "view")),
    api.introspect(rpt),
  ]);
}

describe("security considerations (§7)", () => {
  it("F-7-oauth-threats a PAT ends by itself, and by revocation; its siblings go on", async () => {
    const { cast, rs1 } = await Scene.open(world);
    const sibling = await world.connectedToken(cast.rs1);
    expect((await world.send("GET", "/resources", { bearer: sibling })).status).toBe(200);
    expect((await world.send("POST", "/revocation", { basic: cast.rs1, form: { token: sibling } })).status).toBe(200);
    expect(await world.send("GET", "/resources", { bearer: sibling })).toMatchObject(invalidToken);
    expect((await rs1.list()).status).toBe(200);

    const answer = await world.token(cast.rs1, { grant_type: "client_credentials" });
    const bearer = String(answer.body.access_token);
    expect(answer.body.expires_in).toBe(3_600);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 3_601_000);
    expect(await world.send("GET", "/resources", { bearer })).toMatchObject(invalidToken);
  });

  it("F-7-oauth-threats a PAT that is bound to a key is nothing without that key, nor as a bearer token", async () => {
    const { cast, rs1 } = await Scene.open(world);
    const photo = await rs1.register("view");
    const [holder, thief] = [await Prover.create(world), await Prover.create(world)];
    const pat = String((await holder.token(cast.rs1, { grant_type: "client_credentials" })).body.access_token);
    expect((await holder.send("GET", "/resources", pat)).status).toBe(200);
    expect((await thief.send("GET", "/resources", pat)).status).toBe(401);
    for (const answer of await everyCall(new ProtectionApi(world, pat), photo, "x")) expect(answer.status).toBe(401);
    expect((await rs1.read(photo)).status).toBe(200);
  });
});

describe("privacy considerations (§8)", () => {
  it("F-8-pat-lifecycle ending the connection ends the PAT with the answer, and new ones are refused", async () => {
    const scene = await Scene.open(world);
    const { cast, rs1 } = scene;
    const photo = await rs1.register("view");
    await scene.permitAnyone();
    const token = await scene.rpt(permission(photo, "view"));
    await world.admin("DELETE", `/owners/${cast.alice}/connections/${cast.rs1.id}`);
    for (const answer of await everyCall(rs1, photo, token)) expect(answer).toMatchObject(invalidToken);
    const next = await world.token(cast.rs1, { grant_type: "client_credentials" });
    expect(next).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("F-8-pat-lifecycle a person ends it in the console, and its refresh token with it", async () => {
    const [ana, server] = [await Resident.settle(), await CodeApp.register(world)];
    const browser = await ana.browse(world.site);
    const { access_token, refresh_token } = await server.connect(browser);
    const api = new ProtectionApi(world, String(access_token));
    const photo = await api.register("view");
    const apps = `/console/${ana.ownerId}/apps`;
    expect((await browser.submit(await browser.open(apps), `${apps}/end`)).status).toBe(303);
    for (const answer of await everyCall(api, photo, "x")) expect(answer).toMatchObject(invalidToken);
    expect(await server.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("F-8-data-minimisation a description may be its scopes alone", async () => {
    const scene = await Scene.open(world);
    const bare = permission(await scene.resource(["view"]), "view");
    await scene.permitAnyone();
    expect(await scene.rs1.permissionsOf(await scene.rpt(bare))).toEqual([bare]);
  });

  it("F-8-data-minimisation what there is more of a description, clients and people who may not have it do not see", async () => {
    const scene = await Scene.open(world);
    const secret = "HIV test of 3 May";
    const id = await scene.resource(["view"], { name: secret, description: secret, type: "lab-report" });
    await scene.permit(id, ["view"], { claim: "email", equals: "ana@doctors.example" });
    const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"] });
    const first = await scene.ticket(id);
    const needInfo = await scene.redeemAs(client, first);
    expect(needInfo).toMatchObject({ status: 403, body: { error: "need_info" } });
    const ticket = String(needInfo.body.ticket);
    const query = new URLSearchParams({ client_id: client.id, ticket: await scene.ticket(id) });
    const unknown = await new BrowserLike(world.site).follow(`/claims?${query}`);
    const known = await (await Visitor.arrive(world)).look(client, { ticket });
    expect([unknown.status, known.status]).toEqual([200, 200]);
    for (const text of [first, needInfo.text, unknown.text, known.text]) {
      for (const part of [secret, id, scene.cast.alice]) expect(text).not.toContain(part);
    }
  });
});
