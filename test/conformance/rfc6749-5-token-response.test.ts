import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { attempt, initialAccessToken } from "../support/server/self-registered.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { freshId } from "../support/workerd/records.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
/** It needs a provider at which people sign in: test/http/jwt-bearer.test.ts looks at its answer likewise. */
const JWT_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const PHOTO_URI = `https://${freshId("photos")}.example/1`;
const ALLOWED = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;
const ODD = ['a "quoted" word', "back\\slash", "line\nbreak", "carriage\r\nX-Injected: yes", "é", "<script>x</script>"];
const SCRIPT = "<script>alert(1)</script>";
let scene: Scene;
let photo: string;
let browser: BrowserLike;

beforeAll(async () => {
  scene = await Scene.open(world, { resource_identifiers: [PHOTO_URI] });
  photo = await scene.resource(["view"], { resource_identifiers: [PHOTO_URI] });
  browser = await (await Resident.settle()).browse(world.site);
  await scene.permit(photo, ["view"], ANYONE);
});

const grant = async () => scene.redeem(await scene.ticket(photo));

async function redeemCode(): Promise<Answer> {
  const app = await CodeApp.registerPublic(world);
  return app.redeem(await app.allow(browser, app.path({ scope: "openid uma_protection" })));
}

async function exchangeToken(): Promise<Answer> {
  const client = await world.client({ grant_types: [TOKEN_EXCHANGE_GRANT], may_push_claims: true });
  const subject_token = await scene.bob({ aud: client.id });
  const subject = { subject_token, subject_token_type: "urn:ietf:params:oauth:token-type:id_token" };
  return world.token(client, { grant_type: TOKEN_EXCHANGE_GRANT, resource: PHOTO_URI, ...subject });
}

/** One success of each grant. */
const SUCCESSES: readonly (readonly [grant: string, ask: () => Promise<Answer>])[] = [
  ["client_credentials", () => world.token(scene.cast.rs1, { grant_type: "client_credentials" })],
  ["authorization_code", redeemCode],
  [UMA_GRANT, grant],
  [TOKEN_EXCHANGE_GRANT, exchangeToken],
  ["refresh_token", async () => scene.refresh(scene.cast.c1, (await grant()).body.refresh_token)],
];

describe("a success (§5.1)", () => {
  it("O-6749-5.1-members O-6749-5.1-expires-in O-6749-5.1-no-store is one of every grant that there is", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    const played = [...SUCCESSES.map(([name]) => name), JWT_BEARER_GRANT];
    expect(new Set(played)).toEqual(new Set(body.grant_types_supported as string[]));
  });

  it.each(SUCCESSES)(
    "O-6749-5.1-members O-6749-5.1-expires-in %s says what it gives, and for how long",
    async (_, ask) => {
      const { status, body, headers } = await ask();
      expect(status).toBe(200);
      expect(headers.get("content-type")).toMatch(/^application\/json/);
      expect(body).toMatchObject({ access_token: expect.stringMatching(/./), token_type: "Bearer" });
      expect(body.expires_in).toBeTypeOf("number");
      expect(body.expires_in).toBeGreaterThan(0);
    },
  );

  it.each(SUCCESSES)("O-6749-5.1-no-store %s may be kept by no cache", async (_, ask) => {
    const { status, headers, text } = await ask();
    expect(status, text).toBe(200);
    expect(headers.get("cache-control")).toContain("no-store");
    expect(headers.get("pragma")).toBe("no-cache");
  });

  it("O-6749-5.1-no-store nor may a client's secret, shown this once, a pushed request, or a refusal", async () => {
    const made = await world.admin("POST", "/clients", { client_name: "C9" });
    const registered = await attempt(world, {}, await initialAccessToken(world));
    for (const { body } of [made, registered]) expect(body).toHaveProperty("client_secret");
    const pushed = await (await CodeApp.register(world)).push();
    expect(pushed.body).toHaveProperty("request_uri");
    const refused = await world.token(scene.cast.c1, { grant_type: UMA_GRANT, ticket: "x" });
    for (const { headers } of [made, registered, pushed, refused]) {
      expect(headers.get("cache-control")).toContain("no-store");
    }
  });

  it("O-6749-4.4.3-no-refresh client credentials bring no refresh token", async () => {
    const able = await world.client({ grant_types: ["client_credentials", "refresh_token"] });
    await world.connect(scene.cast.alice, able, ["uma_protection"]);
    for (const client of [scene.cast.rs1, able]) {
      const { status, body } = await world.token(client, { grant_type: "client_credentials" });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty("refresh_token");
    }
  });
});

describe("a refusal (§5.2)", () => {
  it.each(ODD)(
    "O-6749-5.2-description-charset O-6749-10.14-input stays within the allowed characters for %j",
    async (odd) => {
      const { c1, rs1 } = scene.cast;
      const app = await CodeApp.register(world);
      const token = await initialAccessToken(world);
      const answers = [
        await world.token(c1, { grant_type: odd }),
        await world.token(c1, { grant_type: UMA_GRANT, ticket: odd }),
        await world.token(c1, { grant_type: UMA_GRANT, ticket: "x", scope: odd }),
        await world.token(c1, { grant_type: "refresh_token", refresh_token: odd }),
        await world.token(rs1, { grant_type: "client_credentials", scope: odd }),
        await world.token(rs1, { grant_type: "client_credentials", resource_owner: odd }),
        await world.token({ id: odd, secret: odd }, { grant_type: "client_credentials" }),
        await world.send("POST", "/token", { form: { client_id: odd } }),
        await world.send("POST", "/permission", {
          bearer: scene.pat,
          json: { resource_id: odd, resource_scopes: [odd] },
        }),
        await world.admin("POST", "/clients", { client_name: odd, [odd]: odd }),
        await attempt(world, { redirect_uris: [odd] }, token),
        await attempt(world, { client_name: "c", grant_types: [odd] }, token),
        await app.push({ scope: odd, prompt: odd, [odd]: odd }),
        await app.push({ response_type: odd }),
        await world.send("GET", "/resources", { bearer: odd.replaceAll(/[^\x20-\x7e]/g, "") }),
      ];
      for (const { status, headers, body } of answers) {
        expect(status).toBeOneOf([400, 401]);
        expect(headers.get("content-type")).toMatch(/^application\/json/);
        expect(headers.has("x-injected")).toBe(false);
        expect(body.error).toMatch(ALLOWED);
        expect(body.error_description).toMatch(ALLOWED);
      }
      for (const changes of [{ scope: odd }, { response_type: odd }, { prompt: odd }, { max_age: odd }]) {
        const { searchParams } = locationOf(await browser.open(app.path(changes)));
        expect(searchParams.get("error")).toMatch(ALLOWED);
        expect(searchParams.get("error_description")).toMatch(ALLOWED);
      }
    },
  );
});

describe("what a stranger sends, on a page and in a header (§10.14)", () => {
  it("O-6749-10.14-input is shown as the text that it is, where an app says it of itself", async () => {
    const app = await CodeApp.register(world, { client_name: `Photos ${SCRIPT}` });
    const page = await app.ask(browser, app.path({ state: SCRIPT, login_hint: SCRIPT, ui_locales: SCRIPT }));
    expect(page.text).toContain("Photos &lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page.text).not.toContain("<script>alert");
    const answer = await app.answer(browser, page, { decision: "refuse" });
    expect([answer.searchParams.get("state"), answer.href.includes("<")]).toEqual([SCRIPT, false]);
  });

  it("O-6749-10.14-input is not shown, or as a text, by a page that tells of an error", async () => {
    const app = await CodeApp.register(world);
    for (const path of [
      app.path({ client_id: SCRIPT }),
      app.path({ redirect_uri: `https://c.example/${SCRIPT}` }),
      app.path({ client_id: "unknown", state: SCRIPT }),
      `/claims?${new URLSearchParams({ client_id: SCRIPT, ticket: SCRIPT, state: SCRIPT, claims_redirect_uri: SCRIPT })}`,
      `/authorize/consent?at=${encodeURIComponent(SCRIPT)}`,
      `/${encodeURIComponent(SCRIPT)}`,
    ]) {
      const { status, headers, text } = await browser.open(path);
      expect([status, headers.get("location")], path).toEqual([expect.toBeOneOf([400, 404]), null]);
      expect(headers.get("content-type"), path).toMatch(/^text\/html/);
      expect(text, path).not.toContain("<script>alert");
    }
  });

  it.each(["x\r\nX-Injected: yes", "x\nSet-Cookie: session=theirs", "\r\n\r\n<html>"])(
    "O-6749-10.14-input splits no header: the state %j",
    async (state) => {
      const app = await CodeApp.register(world);
      const scopeless = app.path({ state, scope: "unknown" });
      for (const answer of [await browser.open(scopeless), await browser.open(app.path({ state, prompt: "none" }))]) {
        expect(answer.headers.has("x-injected")).toBe(false);
        expect(answer.headers.getSetCookie().join()).not.toContain("theirs");
        expect(answer.text).not.toContain("<html>");
        expect(answer.headers.get("location") ?? "").toMatch(/^[\x21-\x7e]*$/);
      }
    },
  );
});
