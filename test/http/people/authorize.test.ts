import { afterEach, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { CALLBACK, CodeApp, locationOf, saidIn } from "../../support/server/code-app.ts";
import { text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const { issuer } = world.site;
const ALL = "uma_protection uma_policy";

const inOrganisation = async () => {
  const [ana, clinic] = [await Resident.settle(), await world.owner("Lakeside Clinic")];
  await ana.administer(clinic);
  return { ana, clinic };
};

/** Time passes, in the Worker and in the objects. */
function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

afterEach(() => {
  vi.useRealTimers();
});

describe("whoever is asked", () => {
  it("signs in first, and comes back to the question", async () => {
    const app = await CodeApp.register(world);
    const browser = new BrowserLike(world.site);
    const signIn = locationOf(await browser.open(app.path({ login_hint: "ana@example.com" })));
    expect(signIn.href).toMatch(new RegExp(`^${issuer}/sign-in\\?continue=[\\w.-]+$`));
    // Whom the app expects is written into the field already.
    const page = await browser.open(`/sign-in/email${signIn.search}`);
    expect(page.text).toMatch(/<input[^>]* name="address"[^>]* value="ana@example\.com"/);
  });

  it("reads which app asks, where it runs, what it can do and what not", async () => {
    const app = await CodeApp.register(world, {
      client_name: "<b>Photos</b>",
      client_uri: "https://www.photos.example/",
      policy_uri: "https://www.photos.example/privacy?all=1&more=2",
      tos_uri: "https://www.photos.example/terms",
    });
    const page = await app.ask(await (await Resident.settle()).browse(world.site));
    for (const part of [
      "&lt;b&gt;Photos&lt;/b&gt;",
      "www.photos.example",
      '<a href="https://www.photos.example/privacy?all=1&amp;more=2" target="_blank" rel="noopener noreferrer">',
      '<a href="https://www.photos.example/terms"',
      "which things of yours it keeps",
      "Share anything for you",
    ]) {
      expect(page.text).toContain(part);
    }
    expect(page.text.replace(/<[^>]*>/g, "")).not.toMatch(/\b(scope|token|resource|policy|grant)s?\b/i);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https:;");
  });

  it("reads that an app for sharing keeps nothing, and one for both can do both", async () => {
    const app = await CodeApp.register(world, { redirect_uris: ["com.example.app:/cb"] });
    const browser = await (await Resident.settle()).browse(world.site);
    const sharing = await app.ask(browser, app.path({ scope: "uma_policy" }));
    expect(sharing.text).toContain("Share your things with others");
    expect(sharing.text).toContain("An app on your device");
    expect(sharing.headers.get("content-security-policy")).toContain("form-action 'self' com.example.app:;");
    const both = await app.ask(browser, app.path({ scope: ALL }));
    expect(both.text).not.toContain("Share anything for you");
  });

  it("is asked in the language that the app names", async () => {
    const app = await CodeApp.register(world);
    const page = await app.ask(await (await Resident.settle()).browse(world.site), app.path({ ui_locales: "de en" }));
    expect(page.text).toContain('<html lang="de"');
  });

  it("is asked again where the page is opened again, and can say that somebody else is meant", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site, Math.floor(Date.now() / 1_000) - 10);
    const sent = locationOf(await browser.open(app.path()));
    const page = await browser.open(sent.href);
    expect((await browser.open(sent.href)).status).toBe(200);
    const other = locationOf(await browser.submit(page, "/authorize/consent", { decision: "switch" }));
    expect(other.pathname).toBe("/sign-in");
  });

  it("allows it with one click, and the app gets its tokens", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const answer = await app.answer(browser, await app.ask(browser, app.path({ scope: ALL })), { decision: "allow" });
    expect(answer.href).toMatch(new RegExp(`^${CALLBACK}\\?`));
    expect(saidIn(answer)).toEqual({ code: expect.stringMatching(/^[\w.-]+$/), state: "xyz", iss: issuer });
    const { body } = await app.redeem(saidIn(answer).code ?? "");
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 3_600,
      scope: ALL,
      refresh_token: expect.any(String),
    });
    const registered = await world.send("POST", "/resources", {
      bearer: text({ body } as never, "access_token"),
      json: { resource_scopes: ["view"] },
    });
    expect(registered.status).toBe(201);
    const connections = await world.admin("GET", `/owners/${ana.ownerId}/connections`);
    expect(connections.body).toMatchObject({ items: [{ client_id: app.client.id, scopes: ALL.split(" ") }] });
  });

  it("refuses it with one click, and nothing is connected", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const answer = await app.answer(browser, await app.ask(browser), { decision: "refuse" });
    expect(saidIn(answer)).toMatchObject({ error: "access_denied", state: "xyz", iss: issuer });
    expect((await world.admin("GET", `/owners/${ana.ownerId}/connections`)).body).toMatchObject({ items: [] });
  });

  it("is told when the page has been open for too long, or is none", async () => {
    const app = await CodeApp.register(world);
    const browser = await (await Resident.settle()).browse(world.site);
    const sent = locationOf(await browser.open(app.path()));
    wait(3_601);
    for (const path of [sent.href, "/authorize/consent", "/authorize/consent?at=forged"]) {
      const page = await browser.open(path);
      expect([page.status, page.headers.get("location")]).toEqual([400, null]);
      expect(page.text).toContain("start again there");
    }
  });

  it("signs in again where the session has ended meanwhile, and nothing is allowed by then", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const page = await app.ask(browser);
    browser.setCookie("__Host-session", "gone");
    expect((await app.answer(browser, page, { decision: "allow" })).pathname).toBe("/sign-in");
    expect((await world.admin("GET", `/owners/${ana.ownerId}/connections`)).body).toMatchObject({ items: [] });
  });
});

describe("an administrator", () => {
  it("chooses for whom, and the app acts for that owner alone", async () => {
    const { ana, clinic } = await inOrganisation();
    const app = await CodeApp.register(world);
    const browser = await ana.browse(world.site);
    const page = await app.ask(browser);
    expect(page.text).toMatch(/Yourself, <bdi class="name">Ana[\s\S]*Lakeside Clinic/);
    const code = await app.allow(browser, app.path(), { owner: clinic });
    await app.redeem(code);
    expect((await world.admin("GET", `/owners/${clinic}/connections`)).body).toMatchObject({
      items: [{ client_id: app.client.id }],
    });
    expect((await world.admin("GET", `/owners/${ana.ownerId}/connections`)).body).toMatchObject({ items: [] });
  });

  it("cannot allow it for anybody else, nor when their time has ended", async () => {
    const { ana, clinic } = await inOrganisation();
    const stranger = await world.owner("Somebody Else");
    const app = await CodeApp.register(world);
    const browser = await ana.browse(world.site);
    const page = await app.ask(browser);
    await ana.administer(clinic, Math.floor(Date.now() / 1_000));
    for (const owner of [stranger, clinic]) {
      const answer = await browser.submit(page, "/authorize/consent", { decision: "allow", owner });
      expect([answer.status, answer.headers.get("location")]).toEqual([404, null]);
      expect((await world.admin("GET", `/owners/${owner}/connections`)).body).toMatchObject({ items: [] });
    }
    expect((await app.ask(browser)).text).not.toContain("Lakeside Clinic");
  });

  it("is always asked, because there is a choice", async () => {
    const { ana, clinic } = await inOrganisation();
    const app = await CodeApp.register(world);
    const browser = await ana.browse(world.site);
    await app.allow(browser, app.path(), { owner: clinic });
    expect((await app.ask(browser)).text).toContain("On whose behalf?");
  });
});

describe("a consent that stands", () => {
  it("lets a confidential client pass without asking, for as much and no more", async () => {
    const app = await CodeApp.register(world);
    const browser = await (await Resident.settle()).browse(world.site);
    await app.connect(browser, { scope: ALL });
    const passed = locationOf(await browser.open(app.path({ scope: "uma_policy" })));
    expect((await app.redeem(saidIn(passed).code ?? "")).body).toMatchObject({ scope: "uma_policy" });
    expect((await app.ask(browser, app.path({ prompt: "consent" }))).status).toBe(200);
  });

  it("is asked for again where more is asked, and then grows without ending what there is", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const before = await app.connect(browser);
    const after = await app.connect(browser, { scope: "uma_policy" });
    expect(after.scope).toBe("uma_policy");
    expect(await app.isTaken(before.access_token)).toBe(true);
    expect(await app.isTakenByRecord(before.access_token)).toBe(true);
    expect((await app.refresh(before.refresh_token)).status).toBe(200);
    const { body } = await world.admin("GET", `/owners/${ana.ownerId}/connections`);
    expect(body).toMatchObject({ items: [{ scopes: expect.arrayContaining(ALL.split(" ")) }] });
  });

  it("never lets a public client pass, whose name anybody may give", async () => {
    const app = await CodeApp.registerPublic(world);
    const browser = await (await Resident.settle()).browse(world.site);
    await app.connect(browser);
    expect((await app.ask(browser)).status).toBe(200);
  });

  it("passes an operator's connection on too, and ends with it", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    await world.connect(ana.ownerId, app.client, ["uma_protection"]);
    const browser = await ana.browse(world.site);
    const code = saidIn(locationOf(await browser.open(app.path()))).code ?? "";
    const tokens = (await app.redeem(code)).body;
    const another = saidIn(locationOf(await browser.open(app.path()))).code ?? "";
    await world.admin("DELETE", `/owners/${ana.ownerId}/connections/${app.client.id}`);
    expect((await app.redeem(another)).body).toMatchObject({ error: "invalid_grant" });
    expect((await app.refresh(tokens.refresh_token)).body).toMatchObject({ error: "invalid_grant" });
    expect([await app.isTaken(tokens.access_token), await app.isTakenByRecord(tokens.access_token)]).toEqual([
      false,
      false,
    ]);
    expect((await app.ask(browser)).status).toBe(200);
  });
});

describe("without asking anybody (prompt=none)", () => {
  const silent = async (app: CodeApp, browser: BrowserLike, more = {}) =>
    saidIn(locationOf(await browser.open(app.path({ prompt: "none", ...more }))));

  it("a client is told that somebody would have to sign in, or be asked, or gets its code", async () => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    expect(await silent(app, new BrowserLike(world.site))).toMatchObject({ error: "login_required", iss: issuer });
    expect(await silent(app, browser)).toMatchObject({ error: "consent_required", state: "xyz" });
    await app.connect(browser);
    expect(await silent(app, browser)).toMatchObject({ code: expect.any(String) });
    const stale = await ana.browse(world.site, Math.floor(Date.now() / 1_000) - 100);
    expect(await silent(app, stale, { max_age: "60" })).toMatchObject({ error: "login_required" });
  });

  it("a client is told at once what is wrong", async () => {
    const app = await CodeApp.register(world);
    const said = await silent(app, new BrowserLike(world.site), { scope: "address" });
    expect(said).toMatchObject({ error: "invalid_scope", state: "xyz", iss: issuer });
  });
});

describe("whoever is signed in", () => {
  const isSentToSignIn = async (browser: BrowserLike, path: string) =>
    locationOf(await browser.open(path)).pathname === "/sign-in";

  it.each([
    ["login", { prompt: "login" }],
    ["select_account", { prompt: "select_account" }],
    ["an age that has passed", { max_age: "50" }],
    ["an age of nothing", { max_age: "0" }],
  ])("signs in again for %s, and then is asked", async (_, wanted) => {
    const app = await CodeApp.register(world);
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site, Math.floor(Date.now() / 1_000) - 60);
    expect(await isSentToSignIn(browser, app.path(wanted))).toBe(true);
    await ana.signIn(browser);
    expect(await isSentToSignIn(browser, app.path({ max_age: "50" }))).toBe(false);
  });
});

describe("the longest request that is taken", () => {
  it("travels through sign-in and consent", async () => {
    const redirectUri = `https://photos.example/${"c".repeat(2_000)}`;
    const app = await CodeApp.register(world, { redirect_uris: [redirectUri], client_name: "n".repeat(200) });
    const wanted = { state: "s".repeat(1_024), login_hint: "l".repeat(320), ui_locales: `de ${"x".repeat(97)}` };
    const browser = new BrowserLike(world.site);
    const sent = locationOf(await browser.open(await app.pushedPath({ ...wanted, prompt: "login consent" })));
    expect(sent.searchParams.get("continue")?.length).toBeLessThan(8_192);
    const ana = await (await Resident.settle()).browse(world.site);
    const code = await app.allow(ana, await app.pushedPath(wanted));
    expect((await app.redeem(code)).status).toBe(200);
  });
});
