import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { ANYONE, INVALID_GRANT, refused, Scene } from "../support/server/scene.ts";
import type { Credentials } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const DAY_SECONDS = 86_400;
/** docs/api.md: a refresh token dies after 14 idle days. */
const IDLE_DAYS = 14;
/** docs/api.md: for ten seconds the token before the last gives the same again. */
const GRACE_SECONDS = 10;
let scene: Scene;
let photo: string;
let p1: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view", "print"], ANYONE);
  p1 = await world.client({ client_name: "P1", token_endpoint_auth_method: "none" });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A grant to view and print. */
async function grantTo(client: Credentials): Promise<Answer> {
  const granted = await scene.redeemAs(client, await scene.ticket(photo, ["view", "print"]));
  expect(granted.status, granted.text).toBe(200);
  return granted;
}
const refresh = (client: Credentials, { body }: Answer, more: Readonly<Record<string, string>> = {}) =>
  scene.refresh(client, body.refresh_token, more);

function travelSeconds(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

function travelDays(days: number): void {
  travelSeconds(days * DAY_SECONDS);
}

describe("scope (RFC 6749 §6)", () => {
  it.each(["view print download", "download", "uma_protection"])(
    "O-6749-6-refresh-scope a refresh cannot widen the grant to %s",
    async (scope) => {
      const { c1 } = scene.cast;
      const granted = await grantTo(c1);
      expect(await refresh(c1, granted, { scope })).toMatchObject(refused(400, "invalid_scope"));
      expect(await scene.granted(await refresh(c1, granted))).toEqual({ [photo]: ["print", "view"] });
    },
  );

  it("O-6749-6-refresh-scope O-6749-6-rotated-scope nor that of a PAT, which keeps its whole scope however it is narrowed", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    const scopes = { scope: "uma_protection uma_policy" };
    for (const app of [await CodeApp.register(world), await CodeApp.registerPublic(world)]) {
      const given = await app.connect(browser, { scope: "uma_protection" });
      for (const scope of ["uma_protection extra", "uma_protection uma_policy", "extra"]) {
        expect(await app.refresh(given.refresh_token, { scope })).toMatchObject(refused(400, "invalid_scope"));
      }
      expect((await app.refresh(given.refresh_token)).body.scope).toBe("uma_protection");
      const both = await app.connect(browser, { ...scopes, prompt: "consent" });
      const narrowed = await app.refresh(both.refresh_token, { scope: "uma_policy" });
      expect(narrowed).toMatchObject({ status: 200, body: { scope: "uma_policy" } });
      const next = narrowed.body.refresh_token ?? both.refresh_token;
      expect(await app.refresh(next)).toMatchObject({ status: 200, body: scopes });
    }
  });

  it.each([" ", "  ", "\t", "\u00a0"])("a scope of blanks (%j) is refused, and the grant lives on", async (scope) => {
    for (const client of [p1, scene.cast.c1]) {
      const granted = await grantTo(client);
      expect(await refresh(client, granted, { scope })).toMatchObject(refused(400, "invalid_scope"));
      expect(await scene.granted(await refresh(client, granted))).toEqual({ [photo]: ["print", "view"] });
    }
  });

  it("O-6749-6-rotated-scope the next refresh token still stands for the whole grant", async () => {
    for (const client of [p1, scene.cast.c1]) {
      const narrowed = await refresh(client, await grantTo(client), { scope: "view" });
      expect(await scene.granted(narrowed)).toEqual({ [photo]: ["view"] });
      expect(await scene.granted(await refresh(client, narrowed))).toEqual({ [photo]: ["print", "view"] });
    }
  });
});

describe("whose it is", () => {
  it("O-6749-6-refresh-client another client cannot use it, and cannot end it", async () => {
    const c2 = await world.client({ client_name: "C2" });
    for (const owner of [scene.cast.c1, p1]) {
      const granted = await grantTo(owner);
      expect(await refresh(c2, granted)).toMatchObject(INVALID_GRANT);
      expect((await refresh(owner, granted)).status).toBe(200);
    }
  });

  it("O-6749-6-refresh-client nor can it that of a PAT, whether or not its own client has to prove itself", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    for (const app of [await CodeApp.register(world), await CodeApp.registerPublic(world)]) {
      const { refresh_token } = await app.connect(browser);
      for (const other of [await CodeApp.register(world), await CodeApp.registerPublic(world)]) {
        expect(await other.refresh(refresh_token)).toMatchObject(INVALID_GRANT);
      }
      expect((await app.refresh(refresh_token)).status).toBe(200);
    }
  });

  it("O-9700-4.14-refresh-bound-rs what it gives is nothing at another resource server", async () => {
    const { alice, c1 } = scene.cast;
    const rs2 = await world.client({ client_name: "RS2", grant_types: ["client_credentials"] });
    await world.connect(alice, rs2, ["uma_protection"]);
    const pat2 = await world.connectedToken(rs2);
    const granted = await grantTo(c1);
    for (const answer of [granted, await refresh(c1, granted, { resource: "https://rs2.example" })]) {
      expect(await scene.introspect(answer.body.access_token)).toMatchObject({ active: true, aud: scene.cast.rs1.id });
      expect(await scene.introspect(answer.body.access_token, pat2)).toEqual({ active: false });
    }
  });
});

describe("a public client's (RFC 9700 §4.14)", () => {
  it("O-9700-4.14-refresh-rotation each refresh brings a new one, and the old one is good no more", async () => {
    const first = await grantTo(p1);
    const second = await refresh(p1, first);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).toBeTypeOf("string");
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
    travelSeconds(GRACE_SECONDS + 1);
    expect(await refresh(p1, first)).toMatchObject(INVALID_GRANT);
  });

  it("O-9700-4.14-refresh-reuse one that comes back ends everything it led to", async () => {
    const first = await grantTo(p1);
    const second = await refresh(p1, first);
    travelSeconds(GRACE_SECONDS + 1);
    expect(await refresh(p1, first)).toMatchObject(INVALID_GRANT);
    expect(await refresh(p1, second)).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(second.body.access_token)).toEqual({ active: false });
  });

  it("O-9700-4.14-refresh-rotation O-9700-4.14-refresh-reuse so does that of a PAT", async () => {
    const app = await CodeApp.registerPublic(world);
    const given = await app.connect(await (await Resident.settle()).browse(world.site));
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.refresh(given.refresh_token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { access_token, refresh_token } = answers[0]?.body ?? {};
    expect(refresh_token).not.toBe(given.refresh_token);
    expect(await app.isTaken(access_token)).toBe(true);
    travelSeconds(GRACE_SECONDS + 1);
    expect(await app.refresh(given.refresh_token)).toMatchObject(INVALID_GRANT);
    expect(await app.refresh(refresh_token)).toMatchObject(INVALID_GRANT);
    expect(await app.isTaken(access_token)).toBe(false);
  });

  it("O-9700-4.14-refresh-reuse twenty at once make one generation, so only one of them can go on", async () => {
    const first = await grantTo(p1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(p1, first)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const [one, other] = answers;
    if (!one || !other) throw new Error("nobody was answered");
    expect((await refresh(p1, one)).status).toBe(200);
    expect((await refresh(p1, other)).status).toBe(200);
    travelSeconds(GRACE_SECONDS + 1);
    expect(await refresh(p1, other)).toMatchObject(INVALID_GRANT);
  });

  it("O-9700-4.14-refresh-reuse a confidential client keeps its own, so a lost answer costs nothing", async () => {
    const { c1 } = scene.cast;
    const granted = await grantTo(c1);
    for (let round = 0; round < 3; round += 1) expect((await refresh(c1, granted)).status).toBe(200);
  });
});

describe("an idle one (RFC 9700 §4.14.2)", () => {
  it("O-9700-4.14-refresh-idle dies, and use keeps it alive", async () => {
    const clients = [p1, scene.cast.c1];
    const granted = await Promise.all(clients.map(grantTo));
    travelDays(IDLE_DAYS - 1);
    const used = await Promise.all(granted.map((answer, index) => refresh(clients[index] ?? p1, answer)));
    expect(used.map(({ status }) => status)).toEqual([200, 200]);
    travelDays(IDLE_DAYS - 1);
    const usedAgain = await Promise.all(used.map((answer, index) => refresh(clients[index] ?? p1, answer)));
    expect(usedAgain.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("O-9700-4.14-refresh-idle is refused the day after", async () => {
    const clients = [p1, scene.cast.c1];
    const granted = await Promise.all(clients.map(grantTo));
    travelDays(IDLE_DAYS + 1);
    for (const [index, answer] of granted.entries()) {
      expect(await refresh(clients[index] ?? p1, answer)).toMatchObject(INVALID_GRANT);
    }
  });
});
