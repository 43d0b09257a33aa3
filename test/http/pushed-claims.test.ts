import { beforeAll, describe, expect, it } from "vitest";
import { ANYONE, NEED_INFO, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** What becomes of the claims of a pushed ID Token, from the token to the decision. */
const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

async function redeemWith(resource: string, claims: object) {
  return scene.redeem(await scene.ticket(resource), { idToken: await scene.bob({ ...claims }) });
}

describe("a deny by domain", () => {
  it.each([
    "eve@bücher.example",
    "Eve@BÜCHER.Example",
    "eve@bu\u0308cher.example",
    "eve@xn--bcher-kva.example",
    "eve@XN--BCHER-KVA.example.",
  ])("reaches %s, however it is written in either place", async (email) => {
    for (const domain of ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"]) {
      const photo = await scene.resource();
      await scene.permit(photo, "all", ANYONE);
      await scene.deny(photo, { claim: "email", domain });
      expect(await redeemWith(photo, { email })).toMatchObject(REQUEST_DENIED);
    }
  });

  it.each(["eve@ｅvil.example", "eve@evil．example", "eve@ev\u00adil.example", "eve@evil.example@example.com"])(
    "is not passed by %s, which is nobody's address",
    async (email) => {
      const photo = await scene.resource();
      await scene.permit(photo, "all", ANYONE);
      await scene.deny(photo, { claim: "email", domain: "evil.example" });
      expect(await redeemWith(photo, { email })).toMatchObject(NEED_INFO);
      expect((await redeemWith(photo, { email: "bob@example.com" })).status).toBe(200);
    },
  );
});

describe("a claim that is a list", () => {
  it("counts with each of 200 groups, and with one odd entry among them", async () => {
    const photo = await scene.resource();
    const groups = Array.from(
      { length: 200 },
      (_, index) => `5e1f0000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    );
    await scene.permit(photo, "all", { claim: "groups", equals: groups.at(-1) });
    for (const odd of [{}, null, [1], "x".repeat(600), 2 ** 60]) {
      expect((await redeemWith(photo, { groups: [odd, ...groups] })).status).toBe(200);
    }
    expect(await redeemWith(photo, { groups: groups.slice(0, -1) })).toMatchObject(REQUEST_DENIED);
  });
});

it("a number beyond 2^53 lets nobody in by its neighbour's name", async () => {
  const photo = await scene.resource();
  const policy = { effect: "permit", target: { resources: [photo] }, scopes: "all" };
  const odd = `{"effect":"permit","target":{"all":true},"scopes":"all","who":{"claim":"account","equals":10000000000000001}}`;
  const call = { bearer: scene.tool, text: ["application/json", odd] } as const;
  expect(await world.send("POST", "/owner/policies", call)).toMatchObject({
    status: 400,
    body: { error: "invalid_request" },
  });
  const safe = { claim: "account", equals: Number.MAX_SAFE_INTEGER };
  expect((await scene.ask("POST", "/policies", { ...policy, who: safe })).status).toBe(201);
  expect((await redeemWith(photo, { account: Number.MAX_SAFE_INTEGER })).status).toBe(200);
  expect(await redeemWith(photo, { account: 2 ** 53 })).toMatchObject(NEED_INFO);
});
