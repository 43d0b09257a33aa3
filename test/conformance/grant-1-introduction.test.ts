import { beforeAll, describe, expect, it } from "vitest";
import { BOB, refused, Scene } from "../support/server/scene.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

describe("words (Grant §1.1, §1.2)", () => {
  it.each([
    ["G-1.1-case-sensitive names of parameters", { Grant_Type: UMA_GRANT, Ticket: "t" }, "invalid_request"],
    ["G-1.1-case-sensitive the name of the ticket", { grant_type: UMA_GRANT, Ticket: "t" }, "invalid_request"],
    ["G-1.1-case-sensitive values", { grant_type: UMA_GRANT.toUpperCase(), ticket: "t" }, "unsupported_grant_type"],
  ])("%s are not taken in another case", async (_, form: Record<string, string>, error) => {
    expect(await world.token(scene.cast.c1, form)).toMatchObject(refused(400, error));
  });

  it("G-1.2-legal-person-ro an organisation's resource server gets a PAT without anybody there, and registers", async () => {
    const pat = await world.connectedToken(scene.cast.rs1, { scope: "uma_protection" });
    const made = await world.send("POST", "/resources", { bearer: pat, json: { resource_scopes: ["view"] } });
    expect(made.status).toBe(201);
  });
});

describe("one RPT, one of each (Grant §1.3)", () => {
  it("G-1.3-rpt-unique an RPT is nothing to another owner or another resource server", async () => {
    const strangers = [await scene.connectOwner(), await scene.connectResourceServer()];
    const granted = await redeemPhoto(await scene.bob());
    const rpt = granted.body.access_token;
    expect(await scene.introspect(rpt)).toMatchObject({ active: true });
    for (const { pat } of strangers) expect(await scene.introspect(rpt, pat)).toEqual({ active: false });
  });

  it("G-1.3-rpt-unique two parties never hold the same RPT", async () => {
    const photo = await scene.sharedPhoto();
    await scene.permit(photo, ["view"], { claim: "email", equals: "mallory@example.com" });
    const bobs = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    const mallorys = await scene.redeem(await scene.ticket(photo), { idToken: await scene.mallory() });
    expect([bobs.status, mallorys.status]).toEqual([200, 200]);
    expect(bobs.body.access_token).not.toBe(mallorys.body.access_token);
    const [one, other] = await Promise.all([bobs, mallorys].map(({ body }) => scene.introspect(body.access_token)));
    expect(one?.sub).not.toBe(other?.sub);
  });

  it("G-1.3-permissions-opaque no answer shows what stands behind a ticket or an RPT", async () => {
    const photo = await scene.resource(undefined, { name: "Blood count of alice", type: "lab-report" });
    await scene.permit(photo, ["view"]);
    await scene.permit(photo, ["print"], BOB, { terms: { approval: true } });
    const idToken = await scene.bob();
    const granted = await scene.redeem(await scene.ticket(photo), { idToken });
    const answers = [
      granted,
      await scene.redeem(await scene.ticket(photo)),
      await scene.redeem(await scene.ticket(photo, ["print"]), { idToken }),
      await scene.redeem(await scene.ticket(photo, ["resize"]), { idToken }),
      await scene.redeem(await scene.ticket(photo), { idToken, scope: "fly" }),
      await scene.redeem("forged"),
      await scene.refresh(scene.cast.c1, granted.body.refresh_token),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403, 400, 400, 200]);
    for (const { text } of answers) {
      for (const secret of [
        "permissions",
        "resource_id",
        photo,
        "Blood count",
        "lab-report",
        scene.cast.alice,
        "alice",
      ])
        expect(text).not.toContain(secret);
    }
  });
});

async function redeemPhoto(idToken: string) {
  const photo = await scene.sharedPhoto();
  return scene.redeem(await scene.ticket(photo), { idToken });
}
