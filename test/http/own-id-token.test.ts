import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ID_TOKENS } from "../../src/protocol/claim-token-format.ts";
import { D1AccountStore } from "../../src/storage/d1/accounts.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { needInfo, Scene } from "../support/server/scene.ts";
import { expectStatus, UMA_GRANT } from "../support/server/world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { addressProof } from "../support/workerd/people.ts";
import { Resident } from "../support/workerd/resident.ts";

/** An ID Token of this server, pushed as a claim token: it leads to the same party as a visit in a browser. */

const world = localWorld();
const CALLBACK = "https://photos.example/cb";
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});
afterEach(() => {
  vi.useRealTimers();
});

const registerApp = (more: object = {}) =>
  CodeApp.register(world, {
    grant_types: ["authorization_code", UMA_GRANT],
    may_push_claims: true,
    claims_redirect_uris: [CALLBACK],
    ...more,
  });

/** Somebody with an address of their own, who has signed in to an app. */
async function signedIn(more: object = {}) {
  const address = `bob-${crypto.randomUUID()}@example.com`;
  const [app, person] = [await registerApp(more), await Resident.settle("Bob")];
  await new D1AccountStore(env.DB).addProof(person.account.id, addressProof(address));
  const browser = await person.browse(world.site);
  const idToken = String((await app.connect(browser, { scope: "openid email" })).id_token);
  return { address, app, person, browser, idToken };
}

async function photoFor(who: object): Promise<string> {
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], who as Record<string, unknown>);
  return photo;
}

async function push(photo: string, app: CodeApp, claim_token: string, claim_token_format = ID_TOKENS.format) {
  return scene.redeemAs(app.client, await scene.ticket(photo), { claim_token, claim_token_format });
}

const inVain = (why: string) => needInfo({ error_description: expect.stringContaining(why) });

describe("an ID Token of our own", () => {
  it("G-5.7-own-idp counts for the client that it was issued to, by what the account is known by", async () => {
    const { address, app, person, idToken } = await signedIn();
    for (const who of [
      { claim: "email", equals: address },
      { claim: "sub", issuer: world.site.issuer, equals: person.account.id },
    ]) {
      expect((await push(await photoFor(who), app, idToken)).status).toBe(200);
    }
    expect(await push(await photoFor({ claim: "email", equals: "ana@example.com" }), app, idToken)).toMatchObject({
      status: 403,
    });
  });

  it("is asked for where it would count, also after one that did not", async () => {
    const { app, idToken } = await signedIn({ claims_redirect_uris: undefined });
    const photo = await photoFor({ claim: "email", equals: "ana@example.com", issuer: world.site.issuer });
    const asked = needInfo({
      required_claims: [
        expect.objectContaining({ name: "email", issuer: expect.arrayContaining([world.site.issuer]) }),
      ],
    });
    expect(await scene.redeemAs(app.client, await scene.ticket(photo))).toMatchObject(asked);
    expect(await push(photo, app, `${idToken.slice(0, -4)}AAAA`)).toMatchObject(asked);
  });

  it("costs one question to D1 more than another", async () => {
    const { address, app, idToken } = await signedIn();
    const photo = await photoFor({ claim: "email", equals: address });
    await push(photo, app, idToken);
    const ticket = await scene.ticket(photo);
    const pushed = { claim_token: idToken, claim_token_format: ID_TOKENS.format };
    expect(await countHops(() => scene.redeemAs(app.client, ticket, pushed))).toEqual(["d1", "ledger"]);
  });

  it("makes the party that a visit makes: the resource server knows one person", async () => {
    const { app, browser, idToken } = await signedIn();
    const photo = await photoFor({ claim: "sub", issuer: world.site.issuer, exists: true });
    const pushed = await push(photo, app, idToken);
    const query = { client_id: app.client.id, ticket: await scene.ticket(photo), claims_redirect_uri: CALLBACK };
    const arrived = expectStatus(await browser.open(`/claims?${new URLSearchParams(query)}`), 303);
    const page = expectStatus(await browser.open(arrived.headers.get("location") ?? ""), 200);
    const left = expectStatus(await browser.submit(page, "/claims/interaction", { decision: "continue" }), 303);
    const ticket = new URL(left.headers.get("location") ?? "").searchParams.get("ticket") ?? "";
    const visited = await scene.redeemAs(app.client, ticket);
    const subjects = await Promise.all(
      [pushed, visited].map(
        async (answer) => (await scene.introspect(expectStatus(answer, 200).body.access_token)).sub,
      ),
    );
    expect(subjects[0]).toEqual(subjects[1]);
  });

  it("lets an owner in to what is their own", async () => {
    const { app, person, idToken } = await signedIn();
    const keeper = await world.client({ grant_types: ["client_credentials"] });
    await world.connect(person.ownerId, keeper, ["uma_protection"]);
    const pat = await world.connectedToken(keeper);
    const own = await world.registerResource(pat, { resource_scopes: ["view"] });
    const ticket = await world.ticket(pat, { resource_id: own, resource_scopes: ["view"] });
    const pushed = { claim_token: idToken, claim_token_format: ID_TOKENS.format };
    expect((await scene.redeemAs(app.client, ticket, pushed)).status).toBe(200);
  });

  it("says when its person signed in", async () => {
    const { app, idToken } = await signedIn();
    const photo = await scene.resource();
    const who = { claim: "sub", issuer: world.site.issuer, exists: true };
    await scene.permit(photo, ["view"], who, { terms: { signed_in_within: 600 } });
    expect((await push(photo, app, idToken)).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 700_000 });
    expect(await push(photo, app, idToken)).toMatchObject(needInfo({}));
  });

  it("counts as what is true now: an address that was removed counts no more", async () => {
    const { address, app, person, idToken } = await signedIn();
    const photo = await photoFor({ claim: "email", equals: address });
    await new D1AccountStore(env.DB).removeProof(person.account.id, "address", address);
    expect(await push(photo, app, idToken)).toMatchObject(needInfo({}));
  });

  it("does not count once its person has taken back that the client knows them", async () => {
    const { address, app, person, idToken } = await signedIn();
    const photo = await photoFor({ claim: "email", equals: address });
    const taken = "DELETE FROM identity_consents WHERE account_id = ? AND client_id = ?";
    await env.DB.prepare(taken).bind(person.account.id, app.client.id).run();
    expect(await push(photo, app, idToken)).toMatchObject(inVain("it is not active"));
  });

  it("G-5.7-own-idp does not count for another client, in another form, changed, late, or where nothing that is pushed does", async () => {
    const { address, app, idToken } = await signedIn();
    const photo = await photoFor({ claim: "email", equals: address });
    expect(await push(photo, await registerApp(), idToken)).toMatchObject(inVain("its aud does not name this client"));
    const other = "urn:ietf:params:oauth:token-type:jwt";
    expect(await push(photo, app, idToken, other)).toMatchObject(inVain("claim_token_format is not known"));
    const [header, payload = "", signature] = idToken.split(".");
    const changed = [header, payload.slice(0, -2) + (payload.endsWith("AA") ? "BB" : "AA"), signature].join(".");
    expect(await push(photo, app, changed)).toMatchObject({ status: 403 });
    const silent = await signedIn({ may_push_claims: false });
    const theirs = await photoFor({ claim: "email", equals: silent.address });
    expect(await push(theirs, silent.app, silent.idToken)).toMatchObject({ status: 403 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_700_000 });
    const pat = await world.connectedToken(scene.cast.rs1);
    const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
    const late = { claim_token: idToken, claim_token_format: ID_TOKENS.format };
    expect(await scene.redeemAs(app.client, ticket, late)).toMatchObject(inVain("it has expired"));
  });

  it("is no access token, and an access token of ours is none", async () => {
    const { address, app, browser } = await signedIn();
    const photo = await photoFor({ claim: "email", equals: address });
    const { access_token } = await app.connect(browser, { scope: "openid", prompt: "consent" });
    expect(await push(photo, app, String(access_token))).toMatchObject(inVain("its signature does not verify"));
  });
});

it("of several tokens, one of an issuer that the account has not linked is about somebody else", async () => {
  const { address, app, idToken } = await signedIn();
  const photo = await photoFor({ claim: "email", equals: address });
  const theirs = await scene.cast.provider.idToken({ sub: "bob", aud: app.client.id, email: "bob@example.com" });
  const listed = [idToken, theirs].map((claim_token) => ({ claim_token, claim_token_format: ID_TOKENS.format }));
  const bytes = new TextEncoder().encode(JSON.stringify(listed));
  const pushed = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  expect(await push(photo, app, pushed, "claim_tokens")).toMatchObject(
    inVain("nobody says that they are about one person"),
  );
});
