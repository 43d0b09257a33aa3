import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { D1AccountStore } from "../../src/storage/d1/accounts.ts";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { readIdToken } from "../support/server/id-tokens.ts";
import { expectStatus } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { addressProof } from "../support/workerd/people.ts";
import { freshId } from "../support/workerd/records.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const { issuer } = world.site;
const CONFIGURATION = "/.well-known/openid-configuration";

afterEach(() => {
  vi.useRealTimers();
});

function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

const now = () => Math.floor(Date.now() / 1_000);

/** Somebody with an app to sign in to. */
async function given(registration: Readonly<Record<string, unknown>> = {}) {
  const [app, person] = [await CodeApp.register(world, registration), await Resident.settle()];
  return { app, person, browser: await person.browse(world.site) };
}

/** Signs in to an app. @returns what is in the ID Token */
async function identify(app: CodeApp, browser: BrowserLike, changes: Readonly<Record<string, string>> = {}) {
  const body = await app.connect(browser, { scope: "openid", ...changes });
  return { body, ...(await readIdToken(world, body, app.client.id)) };
}

/** A person with this address, who lets the app know it. */
async function settleAt(address: string) {
  const person = await Resident.settle("Bob");
  expect(await new D1AccountStore(env.DB).addProof(person.account.id, addressProof(address))).toBe(true);
  return person.browse(world.site);
}

describe("an ID Token (OpenID Connect Core §2)", () => {
  it("O-OIDC-2-issue-claims says who issued it, about whom, to whom and for how long", async () => {
    const { app, browser } = await given();
    const { claims } = await identify(app, browser);
    expect(claims).toMatchObject({ iss: issuer, aud: app.client.id, iat: expect.any(Number) });
    expect(claims.sub).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600);
    expect(Math.abs(now() - (claims.iat ?? 0))).toBeLessThanOrEqual(5);
  });

  it("O-OIDC-3.1.2.1-openid-scope is there where the scope contains openid, and only there", async () => {
    const { app, browser } = await given();
    expect(await app.connect(browser)).not.toHaveProperty("id_token");
    for (const scope of ["openid", "openid uma_protection"]) {
      const body = await app.connect(browser, { scope, prompt: "consent" });
      expect(body, scope).toMatchObject({ id_token: expect.any(String), scope });
    }
    const refused = saidIn(locationOf(await browser.open(app.path({ scope: "email" }))));
    expect(refused).toMatchObject({ error: "invalid_scope", state: "xyz" });
  });

  it("O-OIDC-2-nonce has the nonce that was sent, unchanged, and else none", async () => {
    const { app, browser } = await given();
    for (const nonce of ["n1", "Ünïcode & more=%41", "x".repeat(512)]) {
      expect((await identify(app, browser, { nonce, prompt: "consent" })).claims.nonce).toBe(nonce);
    }
    expect((await identify(app, browser, { prompt: "consent" })).claims).not.toHaveProperty("nonce");
    const tooLong = app.path({ scope: "openid", nonce: "x".repeat(513) });
    expect(saidIn(locationOf(await browser.open(tooLong)))).toMatchObject({ error: "invalid_request" });
  });

  it("O-OIDC-2-nonce comes back also where the request was pushed", async () => {
    const { app, browser } = await given();
    const path = await app.pushedPath({ scope: "openid", nonce: "pushed" });
    const { body } = expectStatus(await app.redeem(await app.allow(browser, path)), 200);
    expect((await readIdToken(world, body, app.client.id)).claims.nonce).toBe("pushed");
  });

  it("O-OIDC-3.1.2.1-max-age says when its person signed in, who signs in anew where that is too long ago", async () => {
    const { app, person, browser } = await given();
    const signedInAt = now();
    await identify(app, browser);
    wait(5);
    const path = app.path({ scope: "openid", max_age: "1" });
    expect(locationOf(await browser.open(path)).pathname).toBe("/sign-in");
    await person.signIn(browser);
    const back = saidIn(locationOf(await browser.open(path)));
    const { body } = await app.redeem(back.code ?? "");
    const { claims } = await readIdToken(world, body, app.client.id);
    expect(claims.auth_time).toBeGreaterThanOrEqual(signedInAt + 5);
    expect(claims.auth_time).toBeLessThanOrEqual(now());
  });

  it("O-OIDC-2-alg is signed with RS256, or as the client registered, and never without", async () => {
    const { app, browser } = await given();
    expect((await identify(app, browser)).header).toMatchObject({ alg: "RS256", typ: "JWT" });
    const other = await CodeApp.register(world, { id_token_signed_response_alg: "ES256" });
    expect((await identify(other, browser)).header).toMatchObject({ alg: "ES256" });
    const none = { client_name: "a", grant_types: ["authorization_code"], redirect_uris: ["https://a.example/"] };
    const answer = await world.admin("POST", "/clients", { ...none, id_token_signed_response_alg: "none" });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  it("tells how its person signed in", async () => {
    const { app, browser } = await given();
    expect((await identify(app, browser)).claims).toMatchObject({ amr: ["pop", "user", "mfa"], acr: "phr" });
  });
});

describe("a subject (OpenID Connect Core §8)", () => {
  it("O-OIDC-8-subject is nobody else's afterwards, and no address", async () => {
    const { app } = await given();
    const address = `${freshId("bob").toLowerCase()}@example.com`;
    const before = await settleAt(address);
    const { claims: first } = await identify(app, before, { scope: "openid email" });
    const form = await before.open("/account/data/delete");
    expectStatus(await before.submit(form, "/account/data/delete", { sure: "yes" }), 303);
    const { claims: second, body } = await identify(app, await settleAt(address), { scope: "openid email" });
    expect((await userInfo(body.access_token)).body).toMatchObject({ sub: second.sub, email: address });
    expect(second.sub).not.toBe(first.sub);
    expect(`${first.sub}${second.sub}`).not.toContain("@");
  });

  it("is the same at each sign-in, and another at another app", async () => {
    const { app, browser } = await given();
    const other = await CodeApp.register(world);
    const subjects = [];
    for (const one of [app, app, other])
      subjects.push((await identify(one, browser, { prompt: "consent" })).claims.sub);
    expect(subjects[1]).toBe(subjects[0]);
    expect(subjects[2]).not.toBe(subjects[0]);
  });
});

const userInfo = (token: unknown, method = "GET") => world.send(method, "/userinfo", { bearer: String(token) });

describe("the metadata (OpenID Connect Discovery §3)", () => {
  it("O-OIDC-discovery is where ordinary libraries look for it, and says what the other documents say", async () => {
    const { status, body } = await world.send("GET", CONFIGURATION);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer,
      subject_types_supported: ["pairwise"],
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ["code"],
    });
    expect(body.id_token_signing_alg_values_supported).toContain("RS256");
    expect(body.scopes_supported).toContain("openid");
    for (const name of ["uma2-configuration", "oauth-authorization-server"]) {
      expect((await world.send("GET", `/.well-known/${name}`)).body).toEqual(body);
    }
  });

  it("O-OIDC-discovery is found after the path of an issuer that has one", async () => {
    const below = configuredWorld({ ISSUER: "https://as.example/t1" });
    const { status, body } = await below.send("GET", `https://as.example/t1${CONFIGURATION}`);
    expect([status, body.issuer, body.jwks_uri]).toEqual([200, "https://as.example/t1", "https://as.example/t1/jwks"]);
  });
});
