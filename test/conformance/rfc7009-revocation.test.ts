import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import type { Call } from "../support/server/http-site.ts";
import { ANYONE, INVALID_GRANT, NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
/** More than twice what a minute allows, so that the limit is met even where the minute ends in between. */
const GUESSES = 130;
let scene: Scene;
let photo: string;
let p1: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], ANYONE);
  p1 = await world.client({ client_name: "P1", token_endpoint_auth_method: "none" });
});

afterEach(() => {
  vi.useRealTimers();
});

async function grantTo(client: Credentials) {
  const { status, body } = await scene.redeemAs(client, await scene.ticket(photo));
  expect(status).toBe(200);
  return { rpt: String(body.access_token), refreshToken: String(body.refresh_token) };
}

const post = (call: Call) => world.send("POST", "/revocation", call);
const revoke = (token: string, more: Readonly<Record<string, string>> = {}, basic = scene.cast.c1) =>
  post({ basic, form: { token, ...more } });

async function expectEnded({ rpt, refreshToken }: Awaited<ReturnType<typeof grantTo>>, client = scene.cast.c1) {
  expect(await scene.introspect(rpt)).toEqual({ active: false });
  expect(await scene.refresh(client, refreshToken)).toMatchObject(INVALID_GRANT);
}

describe("what is revoked (§2, §2.1)", () => {
  it("G-3.7-revoke-tokens O-7009-2-refresh-revocation O-7009-2.1-cascade a refresh token, and the RPTs that came with it and from it", async () => {
    const grant = await grantTo(scene.cast.c1);
    const refreshed = await scene.refresh(scene.cast.c1, grant.refreshToken);
    expect((await revoke(grant.refreshToken)).status).toBe(200);
    await expectEnded(grant);
    expect(await scene.introspect(refreshed.body.access_token)).toEqual({ active: false });
  });

  it("G-3.7-revoke-tokens O-7009-2-access-revocation an RPT", async () => {
    const grant = await grantTo(scene.cast.c1);
    const other = await grantTo(scene.cast.c1);
    expect(await scene.introspect(grant.rpt)).toMatchObject({ active: true });
    expect(await revoke(grant.rpt)).toMatchObject({ status: 200, text: "" });
    expect(await scene.introspect(grant.rpt)).toEqual({ active: false });
    expect(await scene.introspect(other.rpt)).toMatchObject({ active: true });
  });

  it("G-3.7-revoke-tokens a PCT", async () => {
    const [ana, diary] = [await Visitor.arrive(world), await scene.resource()];
    await scene.permit(diary, ["view"], { claim: "email", equals: ana.address });
    const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"] });
    const back = await ana.show(client, { ticket: await scene.ticket(diary) }, { remember: "yes" });
    const pct = text(await scene.redeemAs(client, back.get("ticket") ?? ""), "pct");
    const redeem = async () => scene.redeemAs(client, await scene.ticket(diary), { pct });
    expect((await redeem()).status).toBe(200);
    expect((await revoke(pct, {}, client)).status).toBe(200);
    expect(await redeem()).toMatchObject(NEED_INFO);
  });

  it("O-7009-2-access-revocation a PAT, and the next one works", async () => {
    const rs2 = await world.client({ grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, rs2, ["uma_protection"]);
    const bearer = await world.connectedToken(rs2);
    expect((await revoke(bearer, {}, rs2)).status).toBe(200);
    expect((await world.send("GET", "/resources", { bearer })).status).toBe(401);
    expect((await world.send("GET", "/resources", { bearer: await world.connectedToken(rs2) })).status).toBe(200);
  });

  it.each(["access_token", "refresh_token", "pct", "foo"])(
    "O-7009-2.1-hint-search is found whatever the hint %s says",
    async (token_type_hint) => {
      for (const kind of ["refreshToken", "rpt"] as const) {
        const grant = await grantTo(scene.cast.c1);
        expect((await revoke(grant[kind], { token_type_hint })).status).toBe(200);
        expect(await scene.introspect(grant.rpt)).toEqual({ active: false });
        if (kind === "refreshToken") await expectEnded(grant);
      }
    },
  );

  it("O-7009-2-refresh-revocation O-7009-2.1-cascade what an app refreshes its PAT with, and each PAT that came of it", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    for (const app of [await CodeApp.register(world), await CodeApp.registerPublic(world)]) {
      const given = await app.connect(browser);
      const { access_token, refresh_token = given.refresh_token } = (await app.refresh(given.refresh_token)).body;
      const form = { token: String(refresh_token), client_id: app.client.id };
      const answer = await post(app.client.secret === "" ? { form } : { basic: app.client, form });
      expect(answer.status).toBe(200);
      expect(await app.refresh(refresh_token)).toMatchObject(INVALID_GRANT);
      for (const pat of [given.access_token, access_token]) expect(await app.isTaken(pat)).toBe(false);
    }
  });
});

describe("who may revoke (§2.1)", () => {
  it("O-7009-2.1-client-auth nobody without proof, where the client has a secret", async () => {
    const { c1 } = scene.cast;
    const { rpt: token } = await grantTo(c1);
    const invalid = refused(401, "invalid_client");
    expect(await post({ form: { token } })).toMatchObject(invalid);
    expect(await post({ form: { token, client_id: c1.id } })).toMatchObject(invalid);
    expect(await post({ basic: { ...c1, secret: "wrong" }, form: { token } })).toMatchObject(invalid);
    expect(await post({ bearer: scene.pat, form: { token } })).toMatchObject(invalid);
    expect(await scene.introspect(token)).toMatchObject({ active: true });
    const inBody = { token, client_id: c1.id, client_secret: c1.secret };
    expect((await post({ form: inBody })).status).toBe(200);
    expect(await scene.introspect(token)).toEqual({ active: false });
  });

  it("O-7009-2.1-client-auth a public client by its name, for what is its own", async () => {
    const grant = await grantTo(p1);
    expect((await post({ form: { token: grant.refreshToken, client_id: p1.id } })).status).toBe(200);
    await expectEnded(grant, p1);
  });

  it("O-7009-2.1-own-tokens-only another client's request has no effect", async () => {
    const c2 = await world.client({ client_name: "C2" });
    const grant = await grantTo(scene.cast.c1);
    for (const token of [grant.rpt, grant.refreshToken, scene.pat]) {
      expect((await revoke(token, {}, c2)).status).toBe(200);
      expect((await post({ form: { token, client_id: p1.id } })).status).toBe(200);
    }
    expect(await scene.introspect(grant.rpt)).toMatchObject({ active: true });
    expect((await scene.refresh(scene.cast.c1, grant.refreshToken)).status).toBe(200);
  });
});

describe("the answer (§2.2)", () => {
  it("O-7009-2.2-unknown-token is 200 for what is no token, or no longer one", async () => {
    const { rpt } = await grantTo(scene.cast.c1);
    for (const token of ["x", "a.b.c", `${rpt}x`, "💥", rpt, rpt]) expect((await revoke(token)).status).toBe(200);
  });

  it("O-7009-2.2-unknown-token is 200 for what has expired", async () => {
    const { rpt, refreshToken } = await grantTo(scene.cast.c1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 90 * 86_400_000 });
    for (const token of [rpt, refreshToken]) expect((await revoke(token)).status).toBe(200);
    expect((await revoke(scene.pat, {}, scene.cast.rs1)).status).toBe(200);
  });

  it("O-7009-2.2-missing-token is 400 where there is no token", async () => {
    const invalid = refused(400, "invalid_request");
    expect(await post({ basic: scene.cast.c1, form: {} })).toMatchObject(invalid);
    expect(await revoke("")).toMatchObject(invalid);
    expect((await world.send("GET", "/revocation?token=x", { basic: scene.cast.c1 })).status).toBe(405);
  });
});

describe("guessing (§5)", () => {
  it("O-7009-5-throttle who tries one text after another is slowed down; who revokes what is its own is not", async () => {
    const guesser = await world.client({ client_name: "guesser" });
    const { rpt } = await grantTo(guesser);
    const guesses = Array.from({ length: GUESSES }, () => revoke(crypto.randomUUID(), {}, guesser));
    const slowed = (await Promise.all(guesses)).filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThan(0);
    for (const { headers } of slowed) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await revoke("x")).status).toBe(200);
    expect((await revoke(rpt, {}, guesser)).status).toBe(200);
    expect(await scene.introspect(rpt)).toEqual({ active: false });
  });
});
