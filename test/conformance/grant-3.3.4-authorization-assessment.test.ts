import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ALBUM, ANYONE, BOB, NEED_INFO, needInfo, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
let scene: Scene;
/** Registered for two scopes that photos have, and may push claims. */
let printer: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  printer = await world.client({ scope: "download print", may_push_claims: true });
});

afterEach(() => {
  vi.useRealTimers();
});

const set = (resource: string, ...scopes: string[]) => ({ resource_id: resource, resource_scopes: scopes });

/** Somebody shows a client who they are, and lets it be remembered. */
async function rememberedAt(resource: string, visitor: Visitor) {
  const client = await world.client({ may_push_claims: true, claims_redirect_uris: ["https://c.example/cr"] });
  const back = await visitor.show(client, { ticket: await scene.ticket(resource) }, { remember: "yes" });
  return { client, pct: text(await scene.redeemAs(client, back.get("ticket") ?? ""), "pct") };
}

async function openResource(scopes?: readonly string[]): Promise<string> {
  const resource = await scene.resource(scopes);
  await scene.permit(resource, "all", ANYONE);
  return resource;
}

it("G-3.3.4-apply-assessment every request is assessed on the policies of its moment", async () => {
  const photo = await scene.resource();
  const policy = await scene.permit(photo, ["view"]);
  const [first, second] = [await scene.ticket(photo), await scene.ticket(photo)];
  const idToken = await scene.bob();
  expect((await scene.redeem(first, { idToken })).status).toBe(200);
  await scene.removePolicy(policy);
  expect(await scene.redeem(second, { idToken })).toMatchObject(REQUEST_DENIED);
});

describe("requested scopes", () => {
  it("G-3.3.4-set-algebra the ticket's scopes of each resource, and those asked for and registered", async () => {
    const [album, one, other] = [await openResource(ALBUM), await openResource(), await openResource()];
    const ticket = await scene.ticketForAll([set(album, "edit"), set(one, "view"), set(other, "view")]);
    expect(await scene.granted(await scene.redeem(ticket, { scope: "download" }))).toEqual({
      [album]: ["download", "edit"],
      [one]: ["download", "view"],
      [other]: ["download", "view"],
    });
  });

  it("G-3.3.4-available-only a scope is added where the resource has it", async () => {
    const [photo, plain] = [await openResource(), await openResource(["view"])];
    const ticket = await scene.ticketForAll([set(photo, "view"), set(plain, "view")]);
    const granted = await scene.granted(await scene.redeem(ticket, { scope: "download" }));
    expect(granted).toEqual({ [photo]: ["download", "view"], [plain]: ["view"] });
  });

  it("G-3.3.4-scope-not-filter asking for more takes nothing off the ticket", async () => {
    const photo = await openResource();
    const answer = await scene.redeem(await scene.ticket(photo), { scope: "download" });
    expect(await scene.granted(answer)).toEqual({ [photo]: ["download", "view"] });
  });

  it.each([
    ["the latest ask counts", { scope: "print" }, ["print", "view"]],
    ["an ask of an earlier round is forgotten", {}, ["view"]],
  ])("G-3.3.4-most-recent-scope %s", async (_, latest, expected) => {
    const photo = await scene.resource();
    await scene.permit(photo, "all");
    const asked = await scene.redeemAs(printer, await scene.ticket(photo), { scope: "download" });
    expect(asked).toMatchObject(NEED_INFO);
    const idToken = await scene.bob({ aud: printer.id });
    const answer = await scene.redeemAs(printer, String(asked.body.ticket), { idToken, ...latest });
    expect(await scene.granted(answer)).toEqual({ [photo]: expected });
  });
});

describe("what is granted", () => {
  it("G-3.3.4-evaluate-each each scope is decided by itself", async () => {
    const photo = await scene.sharedPhoto();
    const ticket = await scene.ticket(photo, ["view", "print"]);
    const answer = await scene.redeem(ticket, { idToken: await scene.bob() });
    expect(await scene.granted(answer)).toEqual({ [photo]: ["view"] });
  });

  it("G-3.3.4-full-grant all that was asked, when all is allowed", async () => {
    const [photo, album] = [await scene.resource(), await scene.resource(ALBUM)];
    await scene.permit(photo, ["view", "print"]);
    await scene.permit(album, ["edit"]);
    const ticket = await scene.ticketForAll([set(photo, "view", "print"), set(album, "edit")]);
    const answer = await scene.redeem(ticket, { idToken: await scene.bob() });
    expect(await scene.granted(answer)).toEqual({ [photo]: ["print", "view"], [album]: ["edit"] });
  });

  it("G-3.3.4-partial-grant the part that is allowed, and no word of the rest", async () => {
    const [photo, other, album] = [await scene.sharedPhoto(), await scene.resource(), await scene.resource(ALBUM)];
    const ticket = await scene.ticketForAll([set(album, "edit"), set(photo, "view"), set(other, "view")]);
    const answer = await scene.redeem(ticket, { idToken: await scene.bob() });
    expect(await scene.granted(answer)).toEqual({ [photo]: ["view"] });
  });

  it("G-3.3.4-partial-grant not before more claims had their chance", async () => {
    const [open, guarded] = [await openResource(), await scene.sharedPhoto()];
    const ticket = await scene.ticketForAll([set(open, "view"), set(guarded, "view")]);
    expect(await scene.redeem(ticket)).toMatchObject(NEED_INFO);
  });

  it("G-3.3.4-nothing-granted no RPT where nothing passed", async () => {
    const answer = await scene.redeem(await scene.ticket(await scene.resource()), { idToken: await scene.bob() });
    expect(answer).toMatchObject(REQUEST_DENIED);
    expect(answer.body).not.toHaveProperty("access_token");
  });
});

describe("a permission without scopes", () => {
  it("G-3.3.4-zero-scope-request needs a policy like any other", async () => {
    const bare = await scene.resource();
    expect(await scene.redeem(await scene.ticket(bare, []))).toMatchObject(REQUEST_DENIED);
    await scene.permit(bare, ["view"], ANYONE);
    expect(await scene.redeem(await scene.ticket(bare, []))).toMatchObject(REQUEST_DENIED);
  });

  it("G-3.3.4-zero-scope-request is granted bare by a policy about everything", async () => {
    const bare = await openResource();
    expect(await scene.granted(await scene.redeem(await scene.ticket(bare, [])))).toEqual({ [bare]: [] });
  });

  it("G-3.3.4-zero-scope-request is filled by the scopes that the client asks for", async () => {
    const photo = await scene.resource();
    await scene.permit(photo, ["download"], ANYONE);
    const answer = await scene.redeem(await scene.ticket(photo, []), { scope: "download" });
    expect(await scene.granted(answer)).toEqual({ [photo]: ["download"] });
  });
});

describe("claims", () => {
  const DOCTOR_BOB = { all: [BOB, { claim: "role", equals: "doctor" }] };
  const withoutEmail = { email: undefined, email_verified: undefined };

  it("G-3.3.4-one-party claims of one party add up over rounds", async () => {
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], DOCTOR_BOB);
    const asked = await scene.redeem(await scene.ticket(reports), { idToken: await scene.bob() });
    expect(asked).toMatchObject(needInfo({ required_claims: [{ name: "role" }] }));
    const idToken = await scene.bob({ ...withoutEmail, role: "doctor" });
    expect((await scene.redeem(String(asked.body.ticket), { idToken })).status).toBe(200);
  });

  it("G-3.3.4-one-party claims of two subjects of one issuer never do", async () => {
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], DOCTOR_BOB);
    const asked = await scene.redeem(await scene.ticket(reports), { idToken: await scene.bob() });
    const idToken = await scene.mallory({ ...withoutEmail, role: "doctor" });
    const answer = await scene.redeem(String(asked.body.ticket), { idToken });
    expect(answer).toMatchObject(needInfo({ required_claims: [{ name: "email" }] }));
  });

  it("G-3.3.4-one-party nor do those of the same name at two issuers", async () => {
    const other = await Scene.open(world);
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], DOCTOR_BOB);
    const asked = await scene.redeem(await scene.ticket(reports), { idToken: await scene.bob() });
    const claims = { sub: "bob", aud: scene.cast.c1.id, role: "doctor" };
    const idToken = await other.cast.provider.idToken(claims);
    expect(await scene.redeem(String(asked.body.ticket), { idToken })).toMatchObject(NEED_INFO);
  });

  it("G-3.3.4-one-party nor do those that a client pushed and those of whoever signs in here", async () => {
    const [ana, reports] = [await Visitor.arrive(world), await scene.resource()];
    const { issuer } = scene.cast.provider;
    const all = [
      { claim: "email", equals: ana.address },
      { claim: "role", issuer, equals: "doctor" },
    ];
    await scene.permit(reports, ["view"], { all });
    const client = await world.client({ may_push_claims: true, claims_redirect_uris: ["https://c.example/cr"] });
    const push = async (ticket: string, claims: object) =>
      scene.redeemAs(client, ticket, { idToken: await scene.bob({ aud: client.id, ...claims }) });
    const asked = await push(await scene.ticket(reports), { ...withoutEmail, role: "doctor" });
    expect(asked).toMatchObject(NEED_INFO);
    const back = await ana.show(client, { ticket: String(asked.body.ticket) });
    expect(await scene.redeemAs(client, back.get("ticket") ?? "")).toMatchObject(NEED_INFO);
    expect((await push(await scene.ticket(reports), { email: ana.address, role: "doctor" })).status).toBe(200);
  });

  it("G-3.3.4-one-party nor do those behind a PCT and those of whoever is pushed beside it", async () => {
    const [ana, photo] = [await Visitor.arrive(world), await scene.sharedPhoto()];
    await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
    const { client, pct } = await rememberedAt(photo, ana);
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], {
      all: [
        { claim: "email", equals: ana.address },
        { claim: "role", issuer: scene.cast.provider.issuer, equals: "doctor" },
      ],
    });
    const idToken = await scene.mallory({ aud: client.id, ...withoutEmail, role: "doctor" });
    expect(await scene.redeemAs(client, await scene.ticket(reports), { pct, idToken })).toMatchObject(NEED_INFO);
  });

  it("G-3.3.4-stale-claims a sign-in behind a PCT grows old", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [ana, reports] = [await Visitor.arrive(world), await scene.resource()];
    await scene.permit(
      reports,
      ["view"],
      { claim: "email", equals: ana.address },
      { terms: { signed_in_within: 300 } },
    );
    const { client, pct } = await rememberedAt(reports, ana);
    const redeem = async () => scene.redeemAs(client, await scene.ticket(reports), { pct });
    expect((await redeem()).status).toBe(200);
    vi.setSystemTime(Date.now() + 301_000);
    expect(await redeem()).toMatchObject(NEED_INFO);
  });

  it("G-3.3.4-stale-claims a sign-in that was kept from an earlier round grows old", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const reports = await scene.resource();
    await scene.permit(reports, ["view"], DOCTOR_BOB, { terms: { signed_in_within: 300 } });
    const signedIn = Math.floor(Date.now() / 1_000) - 200;
    const asked = await scene.redeem(await scene.ticket(reports), {
      idToken: await scene.bob({ auth_time: signedIn }),
    });
    expect(asked).toMatchObject(needInfo({ required_claims: [{ name: "role" }] }));
    vi.setSystemTime(Date.now() + 150_000);
    const idToken = await scene.bob({ role: "doctor" });
    const answer = await scene.redeem(String(asked.body.ticket), { idToken });
    expect(answer).toMatchObject(needInfo({ required_claims: [{ name: "auth_time" }] }));
  });

  it("G-3.3.4-stale-claims an ID Token older than its issuer may be believed counts no more", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { provider, c1 } = scene.cast;
    const issuer = `${provider.issuer}/short`;
    await world.trust({ ...provider, issuer }, { max_token_age: 60 });
    const photo = await scene.sharedPhoto();
    const idToken = await scene.bob({ iss: issuer, aud: c1.id });
    expect((await scene.redeem(await scene.ticket(photo), { idToken })).status).toBe(200);
    vi.setSystemTime(Date.now() + 120_000);
    expect(await scene.redeem(await scene.ticket(photo), { idToken })).toMatchObject(NEED_INFO);
  });
});
