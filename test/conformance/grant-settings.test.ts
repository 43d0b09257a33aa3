import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { INVALID_GRANT, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** The other side of the choices that an operator has (docs/operations.md, "Settings"); settings are read at the first request. */
Object.assign(env, { PARTIAL_GRANTS: "refuse", REPLAY_WITHDRAWS: "no", TICKET_LIFETIME: "60" });

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
