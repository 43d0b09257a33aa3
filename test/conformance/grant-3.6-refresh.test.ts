import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { BOB, INVALID_GRANT, refused, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;

afterEach(() => {
  vi.useRealTimers();
});

async function access(resource: string, scopes: readonly string[], claims = {}): Promise<Answer> {
  return scene.redeem(await scene.ticket(resource, scopes), { idToken: await scene.bob(claims) });
}

const refresh = ({ body }: Answer, more: Readonly<Record<string, string>> = {}) =>
  scene.refresh(scene.cast.c1, body.refresh_token, more);

describe.each(["jwt", "opaque"])("with RPTs as %s", (rpt_format) => {
  beforeAll(async () => {
    scene = await Scene.open(world, { rpt_format });
  });

  it("G-3.6-refresh-accepted a refresh token brings another RPT with the same permissions", async () => {
    const photo = await scene.sharedPhoto();
    const granted = await access(photo, ["view"]);
    const refreshed = await refresh(granted);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.access_token).not.toBe(granted.body.access_token);
    expect(await scene.granted(granted)).toEqual({ [photo]: ["view"] });
    expect(await scene.granted(refreshed)).toEqual({ [photo]: ["view"] });
  });

  it("G-3.6-refresh-limit-scope a refresh may be limited to some of the scopes", async () => {
    const photo = await scene.resource();
    await scene.permit(photo, ["view", "print"]);
    const granted = await access(photo, ["view", "print"]);
    expect(await scene.granted(await refresh(granted, { scope: "view" }))).toEqual({ [photo]: ["view"] });
    expect(await scene.granted(await refresh(granted))).toEqual({ [photo]: ["print", "view"] });
  });

  it("G-3.6-no-reassessment a refresh asks for no fresher claims, whatever is sent along", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], BOB, { terms: { signed_in_within: 180 } });
    const granted = await access(photo, ["view"], { auth_time: Math.floor(Date.now() / 1_000) });
    vi.setSystemTime(Date.now() + 120_000);
    const along = [
      {},
      { ticket: await scene.ticket(photo, ["print"]), pct: "x" },
      { claim_token: await scene.mallory(), claim_token_format: ID_TOKEN_FORMAT },
    ];
    for (const more of along) {
      const refreshed = await refresh(granted, more);
      expect(refreshed.status, refreshed.text).toBe(200);
      expect(await scene.granted(refreshed)).toEqual({ [photo]: ["view"] });
    }
    // The end that was set when it was granted is an end, and no new question.
    vi.setSystemTime(Date.now() + 120_000);
    for (const more of along) expect(await refresh(granted, more)).toMatchObject(INVALID_GRANT);
  });

  it("G-3.6-no-new-permissions a refresh brings nothing that was not granted, however lenient the owner is by now", async () => {
    const photo = await scene.sharedPhoto();
    const granted = await access(photo, ["view", "print"]);
    await scene.permit(photo, "all");
    expect(await scene.granted(await refresh(granted))).toEqual({ [photo]: ["view"] });
    for (const scope of ["print", "view print", "resize"]) {
      expect(await refresh(granted, { scope })).toMatchObject(refused(400, "invalid_scope"));
    }
  });
});
