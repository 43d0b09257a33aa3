import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
});

afterEach(() => {
  vi.useRealTimers();
});

async function access(resource = photo, extras: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return scene.redeem(await scene.ticket(resource), { idToken: await scene.bob(), ...extras });
}

describe("the answer with an RPT", () => {
  it("G-3.3.5-success-form has the form of RFC 6749 §5.1, and no ticket", async () => {
    const { status, headers, body } = await access();
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({ access_token: expect.any(String), token_type: "Bearer" });
    expect(body).not.toHaveProperty("ticket");
  });

  it("G-3.3.5-no-scope-param names no scope, even where the client asked for one", async () => {
    const open = await scene.resource();
    await scene.permit(open, "all", ANYONE);
    for (const answer of [await access(), await access(open, { scope: "download" })]) {
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty("scope");
    }
  });

  it("G-3.3.5-other-params says how long the RPT lasts, as introspection does", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { body } = await access();
    const { exp } = await scene.introspect(body.access_token);
    expect(body.expires_in).toBeGreaterThan(0);
    expect(body.expires_in).toBe(Number(exp) - Math.floor(Date.now() / 1_000));
  });

  it("G-3.3.5-refresh-token comes with a refresh token only for clients registered for it", async () => {
    expect((await access()).body).toHaveProperty("refresh_token", expect.any(String));
    const once = await world.client({ grant_types: [UMA_GRANT], may_push_claims: true });
    const idToken = await scene.bob({ aud: once.id });
    const answer = await scene.redeemAs(once, await scene.ticket(photo), { idToken });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty("refresh_token");
  });
});
