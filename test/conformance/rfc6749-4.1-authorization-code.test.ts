import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { INVALID_GRANT } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const { issuer } = world.site;
let app: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  app = await CodeApp.registerPublic(world);
  browser = await (await Resident.settle()).browse(world.site);
});

afterEach(() => {
  vi.useRealTimers();
});

function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

describe("a code (RFC 6749 §4.1.2)", () => {
  it("O-6749-4.1.2-code-lifetime is good for a minute", async () => {
    const [early, late] = [await app.allow(browser), await app.allow(browser)];
    wait(55);
    expect((await app.redeem(early)).status).toBe(200);
    wait(5);
    expect(await app.redeem(late)).toMatchObject(INVALID_GRANT);
  });

  it("O-6749-4.1.2-code-ten-minutes is not good ten minutes later", async () => {
    const code = await app.allow(browser);
    wait(601);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
  });

  it("O-6749-4.1.2-code-single-use is redeemed once, and by one of twenty at once", async () => {
    const code = await app.allow(browser);
    expect((await app.redeem(code)).status).toBe(200);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    const another = await app.allow(browser);
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.redeem(another)));
    const refusals = answers.filter(({ status }) => status !== 200);
    expect(refusals).toHaveLength(19);
    for (const refusal of refusals) expect(refusal).toMatchObject(INVALID_GRANT);
  });

  it("O-6749-4.1.2-code-replay-revokes that comes again ends what it gave, and nothing that another gave", async () => {
    const [code, other] = [await app.allow(browser), (await app.redeem(await app.allow(browser))).body];
    const given = (await app.redeem(code)).body;
    expect(await app.isTaken(given.access_token)).toBe(true);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await app.isTaken(given.access_token)).toBe(false);
    expect(await app.isTakenByRecord(given.access_token)).toBe(false);
    expect(await app.refresh(given.refresh_token)).toMatchObject(INVALID_GRANT);
    expect(await app.isTaken(other.access_token)).toBe(true);
    expect((await app.refresh(other.refresh_token)).status).toBe(200);
  });

  it("O-6749-4.1.2-code-single-use O-6749-4.1.2-code-replay-revokes so it is where it tells an app who signed in", async () => {
    const path = app.path({ scope: "openid" });
    const isTaken = async (token: unknown) =>
      (await world.send("GET", "/userinfo", { bearer: String(token) })).status === 200;
    const code = await app.allow(browser, path);
    const given = await app.redeem(code);
    expect([given.status, await isTaken(given.body.access_token)]).toEqual([200, true]);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await isTaken(given.body.access_token)).toBe(false);
    const another = await app.allow(browser, path);
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.redeem(another)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("O-6749-4.1.2-code-bound is for its client and redirect URI, and no attempt of others takes it away", async () => {
    const two = { redirect_uris: [CALLBACK, "https://photos.example/other"] };
    const [mine, another] = [await CodeApp.register(world, two), await CodeApp.register(world, two)];
    const code = await mine.allow(browser);
    expect(await another.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await mine.redeem(code, { redirect_uri: "https://photos.example/other" })).toMatchObject(INVALID_GRANT);
    expect((await mine.redeem(code)).status).toBe(200);
  });

  it("is nothing that somebody else made", async () => {
    const code = await app.allow(browser);
    for (const forged of [`${code}x`, code.slice(0, -2), "x", "a.b.c"]) {
      expect(await app.redeem(forged)).toMatchObject(INVALID_GRANT);
    }
  });
});

describe("the authorization response (RFC 6749 §4.1.2)", () => {
  it("O-6749-4.1.2-state-echo has the state exactly, and none where none was sent", async () => {
    for (const state of ["a b&c=d%/?", '"\\+#', ""]) {
      const expected = state === "" ? {} : { state };
      const answers = [
        await app.answer(browser, await app.ask(browser, app.path({ state })), { decision: "allow" }),
        await app.answer(browser, await app.ask(browser, app.path({ state })), { decision: "refuse" }),
        locationOf(await browser.open(app.path({ state, scope: "unknown" }))),
      ].map(saidIn);
      for (const { state: echoed } of answers) expect(echoed === undefined ? {} : { state: echoed }).toEqual(expected);
    }
  });

  it("O-6749-4.1.2.1-denied tells a refusal as access_denied", async () => {
    const answer = await app.answer(browser, await app.ask(browser), { decision: "refuse" });
    expect(answer.href.startsWith(CALLBACK)).toBe(true);
    expect(saidIn(answer)).toMatchObject({ error: "access_denied", state: "xyz", iss: issuer });
  });
});

describe("the token request (RFC 6749 §4.1.3)", () => {
  it("O-6749-4.1.3-redirect-identical names the redirect URI where the authorization request did, and the same", async () => {
    const code = await app.allow(browser);
    for (const redirect_uri of ["", `${CALLBACK}/`]) {
      expect(await app.redeem(code, { redirect_uri })).toMatchObject(INVALID_GRANT);
    }
    expect((await app.redeem(code)).status).toBe(200);
  });

  it("may leave it out where the authorization request did, or name the one there is, and no other", async () => {
    const path = app.path({ redirect_uri: "" });
    const other = { redirect_uri: `${CALLBACK}/` };
    expect(await app.redeem(await app.allow(browser, path), other)).toMatchObject(INVALID_GRANT);
    expect((await app.redeem(await app.allow(browser, path), { redirect_uri: "" })).status).toBe(200);
    expect((await app.redeem(await app.allow(browser, path))).status).toBe(200);
  });

  it("needs a client that is registered for the grant", async () => {
    const code = await app.allow(browser);
    const client = await world.client({});
    const form = { grant_type: "authorization_code", code };
    expect(await world.token(client, form)).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
  });
});

describe("security (RFC 6749 §10)", () => {
  it("O-6749-10.2-no-silent-repeat asks again for a client that anybody may claim to be", async () => {
    for (const uri of ["http://127.0.0.1/cb", "com.example.app:/cb"]) {
      const native = await CodeApp.registerPublic(world, { redirect_uris: [uri] });
      await native.allow(browser);
      expect((await native.ask(browser)).text).toContain("asks to be connected");
    }
  });

  it("O-6749-10.12-csrf takes an answer from its own page in its own browser and from nowhere else", async () => {
    const page = await app.ask(browser);
    const other = await (await Resident.settle("Mallory")).browse(world.site);
    const hidden = (name: string, text: string) => text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? "";
    const [at, owner, csrf] = ["at", "owner", "csrf"].map((name) => hidden(name, page.text));
    const theirs = hidden("csrf", (await app.ask(other)).text);
    const good = { at: at ?? "", owner: owner ?? "", csrf: csrf ?? "", decision: "allow" };
    const { origin } = new URL(issuer);
    const forged = [
      [good, {}],
      [good, { Origin: "https://evil.example" }],
      [good, { Origin: "null" }],
      [{ ...good, csrf: "" }, { Origin: origin }],
      [{ ...good, csrf: theirs }, { Origin: origin }],
    ] as const;
    for (const [form, headers] of forged) {
      const answer = await browser.request("POST", "/authorize/consent", { form, headers });
      expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
    }
    const own = await browser.request("POST", "/authorize/consent", { form: good, headers: { Origin: origin } });
    expect(saidIn(locationOf(own))).toHaveProperty("code");
  });
});
