import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type ProtectionApi, permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const RPT_LIFETIME_SECONDS = 300;
/** This and nothing else. */
const INACTIVE = { status: 200, text: '{"active":false}\n' };

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock of the whole server. */
function travel(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

const now = () => Math.floor(Date.now() / 1_000);
const inSeconds = (seconds: number) => new Date((now() + seconds) * 1_000).toISOString();

describe.each(["jwt", "opaque"])("introspection of %s RPTs", (format) => {
  let scene: Scene;
  let rs1: ProtectionApi;
  let photo: string;
  let song: string;

  beforeAll(async () => {
    scene = await Scene.open(world, { rpt_format: format });
    rs1 = scene.rs1;
    [photo, song] = [await rs1.register("view", "print"), await rs1.register("play")];
    await scene.permitAnyone({ target: { resources: [photo, song] } });
  });

  /** A resource of its own that anyone may view until then, seconds from now. */
  async function photoUntil(seconds: number): Promise<string> {
    const id = await rs1.register("view");
    await scene.permitAnyone({ target: { resources: [id] }, when: { expires: inSeconds(seconds) } });
    return id;
  }

  it("F-5-rpt-format the resource server's registration chooses the form", async () => {
    const parts = (await scene.rpt(permission(photo, "view"))).split(".").length;
    expect(parts === 3).toBe(format === "jwt");
  });

  it("F-5-extended-response F-5.1.1-rfc7662 F-5.1.1-permissions F-5.1.1-no-scope tells permissions, and no scope", async () => {
    const asked = [permission(photo, "view"), permission(song, "play")];
    const answer = await rs1.introspect(await scene.rpt(...asked));
    expect(answer).toMatchObject({ status: 200, body: { active: true, permissions: asked } });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.body).not.toHaveProperty("scope");
  });

  it("F-5-both-styles tells the scope of another access token, and no permissions", async () => {
    const { body } = await rs1.introspect(rs1.pat);
    expect(body).toMatchObject({ active: true, scope: "uma_protection" });
    expect(body).not.toHaveProperty("permissions");
  });

  it("F-5.1-type-hint the hint finds it or not, and it is found", async () => {
    const token = await scene.rpt(permission(photo, "view"));
    const plain = await rs1.introspect(token);
    expect(plain.body.active).toBe(true);
    for (const hint of ["access_token", "refresh_token", "foo"]) {
      const form = { token, token_type_hint: hint };
      const answer = await world.send("POST", "/introspection", { bearer: rs1.pat, form });
      expect(answer.json).toEqual(plain.json);
    }
  });

  it("F-5.1.1-resource-id F-5.1.1-resource-scopes F-5.1.1-scopes-registered every entry names what is registered", async () => {
    const rpt = await scene.rpt(permission(photo, "print"), permission(song));
    const listed = (await rs1.permissionsOf(rpt)) as { resource_id: string; resource_scopes: string[] }[];
    expect(listed).toHaveLength(2);
    for (const { resource_id, resource_scopes } of listed) {
      const { status, body } = await rs1.read(resource_id);
      expect(status).toBe(200);
      expect(body.resource_scopes).toEqual(expect.arrayContaining(resource_scopes));
    }
  });

  it("F-5.1.1-scopes-registered a scope granted before the resource lost it is not listed", async () => {
    const id = await rs1.register("view", "print");
    await scene.permitAnyone({ target: { resources: [id] } });
    const rpt = await scene.rpt(permission(id, "view", "print"));
    await rs1.update(id, { resource_scopes: ["print", "copy"] });
    expect(await rs1.permissionsOf(rpt)).toEqual([permission(id, "print")]);
  });

  it("F-5.1.1-permission-exp a permission that ends before the token says when, in whole seconds", async () => {
    const brief = await photoUntil(60);
    const rpt = await scene.rpt(permission(brief, "view"), permission(photo, "view"));
    const { exp, iat, permissions } = await world.introspect(rs1.pat, rpt);
    const [ends, lasting] = permissions as { exp?: number }[];
    expect(Number.isInteger(ends?.exp)).toBe(true);
    expect(Math.abs(Number(ends?.exp) - now() - 60)).toBeLessThan(10);
    expect(Number(exp)).toBeGreaterThan(Number(ends?.exp));
    expect(Number(iat)).toBeLessThanOrEqual(now());
    expect(lasting).not.toHaveProperty("exp");
  });

  it("F-5.1.1-exp-precedence a token that has ended takes longer permissions with it", async () => {
    const lasting = await photoUntil(86_400);
    const rpt = await scene.rpt(permission(lasting, "view"));
    travel(RPT_LIFETIME_SECONDS - 5);
    expect(await rs1.permissionsOf(rpt)).toEqual([permission(lasting, "view")]);
    travel(10);
    expect(await rs1.introspect(rpt)).toMatchObject(INACTIVE);
  });

  it("F-5.1.1-expired-permission only what is live is listed, and with nothing left it is inactive", async () => {
    const brief = await photoUntil(60);
    const both = await scene.rpt(permission(brief, "view"), permission(photo, "view"));
    const one = await scene.rpt(permission(brief, "view"));
    travel(61);
    expect(await rs1.permissionsOf(both)).toEqual([permission(photo, "view")]);
    expect(await rs1.introspect(one)).toMatchObject(INACTIVE);
  });

  it("F-5.1.1-pat-scope-of-answer another owner's or resource server's PAT learns nothing", async () => {
    const rpt = await scene.rpt(permission(photo, "view"));
    const strangers = [await scene.connectOwner(), await scene.connectResourceServer(), (await Scene.open(world)).rs1];
    for (const stranger of strangers) expect(await stranger.introspect(rpt)).toMatchObject(INACTIVE);
    expect((await rs1.introspect(rpt)).body.active).toBe(true);
  });

  it("F-5.1.1-deleted-resource is not listed, and alone makes the RPT inactive", async () => {
    const id = await rs1.register("view");
    await scene.permitAnyone({ target: { resources: [id] } });
    const [both, one] = [
      await scene.rpt(permission(id, "view"), permission(photo, "view")),
      await scene.rpt(permission(id, "view")),
    ];
    await rs1.remove(id);
    expect(await rs1.permissionsOf(both)).toEqual([permission(photo, "view")]);
    expect(await rs1.introspect(one)).toMatchObject(INACTIVE);
  });

  it("F-5-rpt-format a revocation and a change of policy count at once", async () => {
    const id = await rs1.register("view");
    const policy = await scene.permitAnyone({ target: { resources: [id] } });
    const [revoked, withdrawn] = [await scene.rpt(permission(id, "view")), await scene.rpt(permission(id, "view"))];
    await world.send("POST", "/revocation", { basic: scene.cast.c1, form: { token: revoked } });
    expect(await rs1.introspect(revoked)).toMatchObject(INACTIVE);
    expect(await rs1.permissionsOf(withdrawn)).toEqual([permission(id, "view")]);
    await world.send("DELETE", `/owner/policies/${policy}`, { bearer: scene.tool });
    expect(await rs1.introspect(withdrawn)).toMatchObject(INACTIVE);
  });

  it("F-5-rpt-format an upgrade counts at once, and keeps the form", async () => {
    const [one, other] = [await rs1.register("view"), await rs1.register("view")];
    for (const id of [one, other]) await scene.permit(id, ["view"]);
    const upgradedFrom = async (id: string, extras = {}) => {
      const ticket = await world.ticket(rs1.pat, permission(id, "view"));
      return scene.redeem(ticket, { idToken: await scene.bob(), ...extras });
    };
    const old = text(await upgradedFrom(one), "access_token");
    const joined = text(await upgradedFrom(other, { rpt: old }), "access_token");
    expect(joined.split(".").length === 3).toBe(format === "jwt");
    expect(await rs1.introspect(old)).toMatchObject(INACTIVE);
    expect(await rs1.permissionsOf(joined)).toEqual([permission(other, "view"), permission(one, "view")]);
  });

  it("F-5-rpt-format a refreshed RPT has the same form and says the same", async () => {
    const granted = await scene.redeem(await world.ticket(rs1.pat, permission(photo, "view")));
    const form = { grant_type: "refresh_token", refresh_token: text(granted, "refresh_token") };
    const next = text(await world.token(scene.cast.c1, form), "access_token");
    expect(next.split(".").length === 3).toBe(format === "jwt");
    expect(await rs1.permissionsOf(next)).toEqual([permission(photo, "view")]);
  });
});
