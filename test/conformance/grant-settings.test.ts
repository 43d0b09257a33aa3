import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { BOB, INVALID_GRANT, NEED_INFO, REQUEST_DENIED, REQUEST_SUBMITTED, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const DAY_SECONDS = 86_400;

/** The other side of the choices that an operator has (docs/operations.md, "Settings"); settings are read at the first request. */
Object.assign(env, {
  PARTIAL_GRANTS: "refuse",
  REPLAY_WITHDRAWS: "no",
  TICKET_LIFETIME: "60",
  CONNECTION_IDLE_DAYS: "30",
});

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(localWorld());
});

afterEach(() => {
  vi.useRealTimers();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

it("all or nothing, where the operator wants it so", async () => {
  const photo = await scene.sharedPhoto();
  const idToken = await scene.bob();
  expect(await scene.redeem(await scene.ticket(photo, ["view", "print"]), { idToken })).toMatchObject(REQUEST_DENIED);
  expect((await scene.redeem(await scene.ticket(photo, ["view"]), { idToken })).status).toBe(200);
});

it("all or nothing, where more claims or the owner could still give the rest, says so", async () => {
  const [photo, idToken] = [await scene.sharedPhoto(), await scene.bob()];
  await scene.permit(photo, ["resize"], { all: [BOB, { claim: "role", equals: "editor" }] });
  await scene.permit(photo, ["download"], BOB, { terms: { approval: true } });
  const redeem = async (scope: string) => scene.redeem(await scene.ticket(photo, ["view", scope]), { idToken });
  expect(await redeem("resize")).toMatchObject(NEED_INFO);
  expect(await redeem("download")).toMatchObject(REQUEST_SUBMITTED);
});

it("a repeat is refused and withdraws nothing, where the operator wants it so", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const ticket = await scene.ticket(await scene.sharedPhoto());
  const { body } = await scene.redeem(ticket, { idToken: await scene.bob() });
  later(30);
  expect(await scene.redeem(ticket)).toMatchObject(INVALID_GRANT);
  expect(await scene.introspect(body.access_token)).toMatchObject({ active: true });
});

it("a ticket lives as long as the operator says", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const ticket = await scene.ticket(await scene.sharedPhoto());
  later(61);
  expect(await scene.redeem(ticket, { idToken: await scene.bob() })).toMatchObject(INVALID_GRANT);
});

it("what an app refreshes its PAT with lies unused no longer than the operator says, and use keeps it alive", async () => {
  const world = localWorld();
  const browser = await (await Resident.settle()).browse(world.site);
  const apps = [await CodeApp.register(world), await CodeApp.registerPublic(world)];
  const given = await Promise.all(apps.map((app) => app.connect(browser)));
  vi.useFakeTimers({ toFake: ["Date"] });
  later(29 * DAY_SECONDS);
  const used = await Promise.all(apps.map((app, index) => app.refresh(given[index]?.refresh_token)));
  expect(used.map(({ status }) => status)).toEqual([200, 200]);
  later(31 * DAY_SECONDS);
  for (const [index, app] of apps.entries()) {
    const kept = used[index]?.body.refresh_token ?? given[index]?.refresh_token;
    expect(await app.refresh(kept)).toMatchObject(INVALID_GRANT);
  }
});
