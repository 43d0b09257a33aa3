import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

afterEach(() => {
  vi.useRealTimers();
});

const keySet = async () => (await world.send("GET", "/jwks")).json as JSONWebKeySet;
const kids = async () => (await keySet()).keys.map(({ kid }) => kid);
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

function travel(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

describe("the key set", () => {
  it("O-JWKS-public-only shows nothing that is private", async () => {
    const { keys } = await keySet();
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key.kty).not.toBe("oct");
      for (const member of PRIVATE_MEMBERS) expect(key).not.toHaveProperty(member);
    }
  });

  it("O-JWKS-kid-use-alg says of each key which it is, and what it is for", async () => {
    await world.admin("POST", "/keys/rotate");
    const { keys } = await keySet();
    for (const key of keys) {
      expect(key).toMatchObject({
        kid: expect.stringMatching(/./),
        use: "sig",
        alg: expect.stringMatching(/^(ES|RS|Ed)/),
      });
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    const app = await CodeApp.register(world);
    const { id_token } = await app.connect(await (await Resident.settle()).browse(world.site), { scope: "openid" });
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], ANYONE);
    const rpt = text(await scene.redeem(await scene.ticket(photo)), "access_token");
    const headers = { Accept: "application/token-introspection+jwt" };
    const told = await world.send("POST", "/introspection", { bearer: scene.pat, form: { token: rpt }, headers });
    const { signed_metadata } = (await world.send("GET", "/.well-known/oauth-authorization-server")).body;
    for (const signed of [scene.pat, rpt, String(id_token), told.text, String(signed_metadata)]) {
      expect(await kids()).toContain(kidOf(signed));
    }
  });
});

describe("rotation", () => {
  it("O-JWKS-rotation a new key is published before it is used, and the old one kept until its tokens have ended", async () => {
    const old = kidOf(await world.connectedToken(scene.cast.rs1));
    const before = await kids();
    expect((await world.admin("POST", "/keys/rotate")).status).toBeLessThan(300);
    travel(6 * MINUTE_SECONDS);
    const published = await kids();
    const fresh = published.filter((kid) => !before.includes(kid));
    expect(published).toEqual(expect.arrayContaining(before));
    const early = await world.connectedToken(scene.cast.rs1);
    expect(kidOf(early)).toBe(old);
    travel(6 * MINUTE_SECONDS);
    const late = await world.connectedToken(scene.cast.rs1);
    const next = kidOf(late);
    expect(fresh).toContain(next);
    for (const token of [early, late]) {
      await jwtVerify(token, createLocalJWKSet(await keySet()), { currentDate: new Date() });
      expect((await world.send("GET", "/resources", { bearer: token })).status).toBe(200);
    }
    travel(2 * DAY_SECONDS);
    expect(await kids()).not.toContain(old);
    expect(await kids()).toContain(next);
  });

  it("O-JWKS-rotation rotating again at once makes no third key of any kind", async () => {
    for (let round = 0; round < 3; round += 1) await world.admin("POST", "/keys/rotate");
    travel(6 * MINUTE_SECONDS);
    // A second of each: for access tokens, and for ID Tokens by either algorithm.
    expect((await keySet()).keys.length).toBeLessThanOrEqual(9);
  });
});
