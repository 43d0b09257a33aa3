import { afterEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { Prover } from "../support/server/prover.ts";
import { ANYONE, BOB, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const INACTIVE = { active: false };

afterEach(() => {
  vi.useRealTimers();
});

describe.each(["jwt", "opaque"] as const)("with RPTs as %s", (rptFormat) => {
  const open = () => Scene.open(world, { rpt_format: rptFormat });

  /** C1 redeems a ticket for a resource with bob's ID Token. */
  async function access(
    scene: Scene,
    resource: string,
    rpt?: unknown,
    scopes: readonly string[] = ["view"],
  ): Promise<Answer> {
    const submitted = rpt === undefined ? {} : { rpt: String(rpt) };
    const answer = await scene.redeem(await scene.ticket(resource, scopes), {
      idToken: await scene.bob(),
      ...submitted,
    });
    expect(answer.status, answer.text).toBe(200);
    return answer;
  }

  it("G-3.3.5-upgraded-true G-3.3.5.1-revoke-old the old RPT goes into the new one, which says so", async () => {
    const scene = await open();
    const [one, other] = [await scene.sharedPhoto(), await scene.sharedPhoto()];
    const old = await access(scene, one);
    const joined = await access(scene, other, old.body.access_token);
    expect(joined.body.upgraded).toBe(true);
    expect(joined.body.access_token).not.toBe(old.body.access_token);
    expect(await scene.granted(joined)).toEqual({ [one]: ["view"], [other]: ["view"] });
    expect(await scene.introspect(old.body.access_token)).toEqual(INACTIVE);
    expect((await scene.refresh(scene.cast.c1, old.body.refresh_token)).status).toBe(400);
    const refreshed = await scene.refresh(scene.cast.c1, joined.body.refresh_token);
    expect(await scene.granted(refreshed)).toEqual({ [one]: ["view"], [other]: ["view"] });
    expect(refreshed.body).not.toHaveProperty("upgraded");
  });

  it("G-3.3.5.1-adds-permissions scopes of one resource are joined, and each keeps its own end", async () => {
    const scene = await open();
    const photo = await scene.resource();
    const soon = Math.floor(Date.now() / 1_000) + 120;
    await scene.permit(photo, ["view"], BOB, { when: { expires: new Date(soon * 1_000).toISOString() } });
    await scene.permit(photo, ["print"]);
    const old = await access(scene, photo);
    const joined = await access(scene, photo, old.body.access_token, ["print"]);
    expect(joined.body.upgraded).toBe(true);
    const { permissions } = await scene.introspect(joined.body.access_token);
    expect(permissions).toEqual([
      { resource_id: photo, resource_scopes: ["print"] },
      { resource_id: photo, resource_scopes: ["view"], exp: soon },
    ]);
  });

  it("G-3.3.5.1-upgrade-consistent G-3.3.5.1-upgrade-offered the same happens each time", async () => {
    const scene = await open();
    const photos = await Promise.all(Array.from({ length: 11 }, () => scene.sharedPhoto()));
    let last = await access(scene, photos[0] ?? "");
    for (const [index, photo] of photos.slice(1).entries()) {
      const next = await access(scene, photo, last.body.access_token);
      expect(next.body.upgraded).toBe(true);
      expect(Object.keys(await scene.granted(next))).toHaveLength(index + 2);
      expect(await scene.introspect(last.body.access_token)).toEqual(INACTIVE);
      last = next;
    }
  });

  it("G-3.3.5-upgraded-not-claimed nothing is said where nothing was carried over", async () => {
    const scene = await open();
    const [one, other] = [await scene.sharedPhoto(), await scene.sharedPhoto()];
    const { body } = await access(scene, one);
    const altered = `${String(body.access_token).slice(0, -9)}AAAAAAAAA`;
    for (const rpt of [undefined, "garbage", altered, body.refresh_token, scene.pat]) {
      const answer = await access(scene, other, rpt);
      expect(answer.body).not.toHaveProperty("upgraded");
      expect(await scene.granted(answer)).toEqual({ [other]: ["view"] });
    }
  });

  it("G-3.3.5.1-no-foreign-rpt G-3.3.5.1-client-retains an RPT of another client, party, owner or resource server is carried nowhere, and stays", async () => {
    const scene = await open();
    const [one, other] = [await scene.sharedPhoto(), await scene.sharedPhoto()];
    await scene.permit(other, ["view"], ANYONE);
    const rpt = String((await access(scene, one)).body.access_token);
    const c2 = await world.client({ may_push_claims: true });
    const carols = await Scene.open(world, { rpt_format: rptFormat });
    const diary = await carols.resource();
    await carols.permit(diary, ["view"], ANYONE);
    const rs2 = await scene.connectResourceServer({ rpt_format: rptFormat });
    const song = await rs2.register("view");
    await scene.permitAnyone({ target: { resources: [song] } });
    const idToken = await scene.bob();
    const attempts: readonly [Answer, string, (answer: Answer) => Promise<unknown>][] = [
      [
        await scene.redeemAs(c2, await scene.ticket(other), { rpt, idToken: await scene.bob({ aud: c2.id }) }),
        other,
        (answer) => scene.introspect(answer.body.access_token),
      ],
      [
        await scene.redeem(await scene.ticket(other), { rpt, idToken: await scene.mallory() }),
        other,
        (answer) => scene.introspect(answer.body.access_token),
      ],
      [
        await scene.redeem(await scene.ticket(other), { rpt }),
        other,
        (answer) => scene.introspect(answer.body.access_token),
      ],
      [
        await world.uma(scene.cast.c1, await carols.ticket(diary), { rpt, idToken }),
        diary,
        (answer) => carols.introspect(answer.body.access_token),
      ],
      [
        await scene.redeem(await world.ticket(rs2.pat, { resource_id: song, resource_scopes: ["view"] }), {
          rpt,
          idToken,
        }),
        song,
        (answer) => world.introspect(rs2.pat, String(answer.body.access_token)),
      ],
    ];
    for (const [answer, resource, introspect] of attempts) {
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).not.toHaveProperty("upgraded");
      const permissions = [{ resource_id: resource, resource_scopes: ["view"] }];
      expect(await introspect(answer)).toMatchObject({ active: true, permissions });
      expect(await scene.introspect(rpt)).toMatchObject({ active: true });
    }
  });

  it("G-3.3.5.1-no-foreign-rpt nothing is carried over from an RPT that was revoked", async () => {
    const scene = await open();
    const [one, other] = [await scene.sharedPhoto(), await scene.sharedPhoto()];
    const rpt = String((await access(scene, one)).body.access_token);
    await world.send("POST", "/revocation", { basic: scene.cast.c1, form: { token: rpt } });
    const answer = await access(scene, other, rpt);
    expect(answer.body).not.toHaveProperty("upgraded");
    expect(await scene.granted(answer)).toEqual({ [other]: ["view"] });
  });

  it("G-3.3.5.1-no-lifetime-extension what has ended, was withdrawn or lives by its RPT alone is not prolonged", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const scene = await open();
    const other = await scene.sharedPhoto();
    const brief = await scene.resource();
    const ends = Date.now() + 60_000;
    await scene.permit(brief, ["view"], BOB, { when: { expires: new Date(ends).toISOString() } });
    const withdrawn = await scene.resource();
    const policy = await scene.permit(withdrawn, ["view"]);
    const [first, second] = [await access(scene, brief), await access(scene, withdrawn)];
    await scene.ask("DELETE", `/policies/${policy}`);
    vi.setSystemTime(ends);
    for (const { body } of [first, second]) {
      const answer = await access(scene, other, body.access_token);
      expect(answer.body).not.toHaveProperty("upgraded");
      expect(await scene.granted(answer)).toEqual({ [other]: ["view"] });
    }
    const once = await world.client({ grant_types: [UMA_GRANT], may_push_claims: true });
    const redeem = async (resource: string, extras = {}) => {
      const idToken = await scene.bob({ aud: once.id, exp: Math.floor(Date.now() / 1_000) + 3_600 });
      return scene.redeemAs(once, await scene.ticket(resource), { idToken, ...extras });
    };
    const photo = await scene.sharedPhoto();
    const old = await redeem(photo);
    const { exp } = await scene.introspect(old.body.access_token);
    vi.setSystemTime(Date.now() + 200_000);
    const joined = await redeem(other, { rpt: String(old.body.access_token) });
    expect(joined.body.upgraded).toBe(true);
    const { permissions } = await scene.introspect(joined.body.access_token);
    expect(permissions).toContainEqual({ resource_id: photo, resource_scopes: ["view"], exp });
    vi.setSystemTime(Number(exp) * 1_000);
    expect(await scene.granted(joined)).toEqual({ [other]: ["view"] });
  });

  it("G-3.3.5.1-no-unbinding what is bound to a key goes neither into a bearer RPT nor to another key", async () => {
    const scene = await open();
    const [one, other] = [await scene.sharedPhoto(), await scene.sharedPhoto()];
    const [key, otherKey] = [await Prover.create(world), await Prover.create(world)];
    const prove = async (by: Prover, resource: string, rpt?: unknown) => {
      const claims = { claim_token: await scene.bob(), claim_token_format: ID_TOKEN_FORMAT };
      const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(resource), ...claims };
      return by.token(scene.cast.c1, rpt === undefined ? form : { ...form, rpt: String(rpt) });
    };
    const bound = await prove(key, one);
    const rpt = bound.body.access_token;
    for (const answer of [await access(scene, other, rpt), await prove(otherKey, other, rpt)]) {
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).not.toHaveProperty("upgraded");
      expect(await scene.granted(answer)).toEqual({ [other]: ["view"] });
      expect(await scene.introspect(rpt)).toMatchObject({ active: true, cnf: { jkt: key.jkt } });
    }
    expect((await scene.refresh(scene.cast.c1, bound.body.refresh_token)).status).toBe(400);
    const joined = await prove(key, other, rpt);
    expect(joined.body).toMatchObject({ upgraded: true, token_type: "DPoP" });
    expect(await scene.granted(joined)).toEqual({ [one]: ["view"], [other]: ["view"] });
    expect(await scene.introspect(joined.body.access_token)).toMatchObject({ cnf: { jkt: key.jkt } });
    expect((await scene.refresh(scene.cast.c1, joined.body.refresh_token)).status).toBe(400);
    // What is bound to nothing may well be bound to a key.
    const bearer = await access(scene, one);
    expect((await prove(otherKey, other, bearer.body.access_token)).body).toMatchObject({ upgraded: true });
  });
});
