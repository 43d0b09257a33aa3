import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BOB, NEED_INFO, needInfo, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Visitor } from "../support/workerd/visitor.ts";

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

const FRESH = { terms: { signed_in_within: 300 } };
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

describe("a user is not swapped for another (Grant §5.2)", () => {
  it("G-5.2-user-switch an owner can ask for a fresh sign-in, and RPTs are short", async () => {
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], BOB, FRESH);
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

describe("a client that can send its people here (Grant §5.2)", () => {
  it("G-5.2-user-switch has to do so again where what it pushes, or has a PCT for, is older than the owner takes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [ana, reports] = [await Visitor.arrive(world), await scene.resource()];
    await scene.permit(reports, ["view"], { claim: "email", equals: ana.address }, FRESH);
    const client = await world.client({ may_push_claims: true, claims_redirect_uris: ["https://c.example/cr"] });
    const back = await ana.show(client, { ticket: await scene.ticket(reports) }, { remember: "yes" });
    const { pct } = (await scene.redeemAs(client, back.get("ticket") ?? "")).body;
    expect(pct).toBeTypeOf("string");
    vi.setSystemTime(Date.now() + 301_000);
    const claims = { aud: client.id, email: ana.address, auth_time: secondsAgo(301) };
    const idToken = await scene.bob({ ...claims, exp: secondsAgo(-60) });
    for (const old of [{ pct: String(pct) }, { idToken }]) {
      const answer = await scene.redeemAs(client, await scene.ticket(reports), old);
      expect(answer).toMatchObject(needInfo({ redirect_user: expect.stringMatching(/^http/) }));
    }
    await ana.signOut();
    await ana.signIn();
    const again = await ana.show(client, { ticket: await scene.ticket(reports) });
    expect((await scene.redeemAs(client, again.get("ticket") ?? "")).status).toBe(200);
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

  it("G-5.7-untrusted-client nor is one told to push that can send its people here: it is told to do that", async () => {
    const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"] });
    const idToken = await scene.bob({ aud: client.id });
    const answer = await scene.redeemAs(client, await scene.ticket(photo), { idToken });
    expect(answer).toMatchObject(needInfo({ redirect_user: `${world.site.issuer}/claims` }));
    expect(answer.text).not.toContain(ID_TOKEN_FORMAT);
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
