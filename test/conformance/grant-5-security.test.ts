import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BOB, NEED_INFO, needInfo, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
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

const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

describe("a user is not swapped for another (Grant §5.2)", () => {
  it("G-5.2-user-switch an owner can ask for a fresh sign-in, and RPTs are short", async () => {
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], BOB, { terms: { signed_in_within: 300 } });
    const ask = async (claims: object) =>
      scene.redeem(await scene.ticket(reports), { idToken: await scene.bob({ ...claims }) });
    for (const claims of [{ auth_time: secondsAgo(400) }, {}]) {
      expect(await ask(claims)).toMatchObject(needInfo({ required_claims: [{ name: "auth_time" }] }));
    }
    const granted = await ask({ auth_time: secondsAgo(100) });
    expect(granted.status).toBe(200);
    expect(granted.body.expires_in).toBeLessThanOrEqual(300);
  });
});

describe("no by default (Grant §5.6)", () => {
  it("G-5.6-default-deny a scope that no policy covers is not granted", async () => {
    const idToken = await scene.bob();
    const fresh = await scene.resource();
    expect(await scene.redeem(await scene.ticket(fresh), { idToken })).toMatchObject(REQUEST_DENIED);
    expect(await scene.redeem(await scene.ticket(photo, ["print"]), { idToken })).toMatchObject(REQUEST_DENIED);
  });

  it.each([
    ["nobody is named", undefined],
    ["the condition is empty", {}],
    ["all of nothing must hold", { all: [] }],
    ["any of nothing must hold", { any: [] }],
    ["a claim is one of none", { claim: "email", one_of: [] }],
    ["a claim is named without a test", { claim: "email" }],
    ["anyone is not anyone", { anyone: false }],
    ["everybody but one is meant", { not: { claim: "email", equals: "eve@example.com" } }],
    ["the list of another draft is empty", { required_claims: [] }],
  ])("G-5.6-empty-claims a policy where %s is refused, and grants nothing", async (_, who) => {
    const fresh = await scene.resource();
    const policy = { effect: "permit", target: { resources: [fresh] }, scopes: ["view"], who };
    const answer = await world.send("POST", "/owner/policies", { bearer: scene.tool, json: policy });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(await scene.redeem(await scene.ticket(fresh))).toMatchObject(REQUEST_DENIED);
    const idToken = await scene.bob();
    expect(await scene.redeem(await scene.ticket(fresh), { idToken })).toMatchObject(REQUEST_DENIED);
  });
});

describe("whose claim tokens count (Grant §5.7)", () => {
  it("G-5.7-untrusted-client a client that is not trusted to push gets no further by pushing", async () => {
    const client = await world.client({ scope: "download" });
    const idToken = await scene.bob({ aud: client.id });
    const answer = await scene.redeemAs(client, await scene.ticket(photo), { idToken });
    expect(answer).toMatchObject(REQUEST_DENIED);
    expect(answer.body).not.toHaveProperty("required_claims");
  });

  it.each([
    ["the client", (client: string) => client, 200],
    ["the client, in a list", (client: string) => [client], 200],
    ["this server", () => world.site.issuer, 200],
    ["another client", () => "other-client", 403],
    ["the client and another one", (client: string) => [client, "other-client"], 403],
    ["nobody", () => [], 403],
    ["nothing at all", () => undefined, 403],
  ])("G-5.7-audience an ID Token meant for %s", async (_, audience: (client: string) => unknown, status) => {
    const idToken = await scene.bob({ aud: audience(scene.cast.c1.id) as string });
    const answer = await scene.redeem(await scene.ticket(photo), { idToken });
    expect(answer.status, answer.text).toBe(status);
    if (status === 403) expect(answer).toMatchObject(NEED_INFO);
  });

  it("G-5.7-audience a client is known to an issuer by the name it has there, and by no other", async () => {
    const issuer_client_ids = { [scene.cast.provider.issuer]: "rp-7" };
    const client = await world.client({ may_push_claims: true, issuer_client_ids });
    const push = async (aud: string) =>
      scene.redeemAs(client, await scene.ticket(photo), { idToken: await scene.bob({ aud }) });
    expect((await push("rp-7")).status).toBe(200);
    expect(await push(client.id)).toMatchObject(NEED_INFO);
  });

  it("G-5.7-audience an ID Token that another client was authorized for is not taken", async () => {
    const idToken = await scene.bob({ azp: "other-client" });
    expect(await scene.redeem(await scene.ticket(photo), { idToken })).toMatchObject(NEED_INFO);
  });
});
