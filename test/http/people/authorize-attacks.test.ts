import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { CALLBACK, CHALLENGE, CodeApp, locationOf, saidIn, VERIFIER } from "../../support/server/code-app.ts";
import { INVALID_GRANT, refused } from "../../support/server/scene.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

/** What somebody may try who is not the person, or not the app; test/conformance has what the specifications ask. */

const world = localWorld();
let app: CodeApp;
let ana: Resident;
let browser: BrowserLike;

beforeAll(async () => {
  app = await CodeApp.registerPublic(world);
  ana = await Resident.settle();
  browser = await ana.browse(world.site);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

/** Another challenge than the usual, for whose verifier nobody but its app knows. */
const OTHERS = `${CHALLENGE.slice(0, -1)}A`;

describe("somebody with a code that is not theirs", () => {
  it("injects it into their own session with the app, which sends another verifier: nothing, and nothing is lost", async () => {
    const code = await app.allow(browser, app.path({ code_challenge: CHALLENGE }));
    expect(await app.redeem(code, { code_verifier: "m".repeat(43) })).toMatchObject(INVALID_GRANT);
    expect((await app.redeem(code)).status).toBe(200);
  });

  it("brings the verifier of a session of their own: the code knows another", async () => {
    const code = await app.allow(browser, app.path({ code_challenge: OTHERS }));
    expect(await app.redeem(code, { code_verifier: VERIFIER })).toMatchObject(INVALID_GRANT);
  });

  it("replays it without the verifier: the app goes on undisturbed", async () => {
    const code = await app.allow(browser);
    const { body } = await app.redeem(code);
    expect(await app.redeem(code, { code_verifier: "" })).toMatchObject(INVALID_GRANT);
    expect(await (await CodeApp.register(world)).redeem(code)).toMatchObject(INVALID_GRANT);
    expect([await app.isTaken(body.access_token), (await app.refresh(body.refresh_token)).status]).toEqual([true, 200]);
  });

  it("guesses, and has to wait", async () => {
    const guesser = await CodeApp.register(world);
    const answers = [];
    for (let guess = 0; guess < 61; guess += 1) answers.push(await guesser.redeem(`guess.${guess}`));
    expect(answers.at(0)).toMatchObject(INVALID_GRANT);
    expect(answers.at(-1)).toMatchObject(refused(429, "too_many_requests"));
  });
});

describe("somebody who takes one thing for another", () => {
  it("finds that each opens for its own purpose only", async () => {
    const path = await app.pushedPath();
    const requestUri = new URL(path, world.site.issuer).searchParams.get("request_uri") ?? "";
    const page = await app.ask(browser, path);
    const at = page.text.match(/name="at" value="([^"]*)"/)?.[1] ?? "";
    const code = await app.allow(browser);
    const { body } = await app.redeem(code);
    const sealed = [at, code, String(body.refresh_token), requestUri.split(":").at(-1) ?? ""];
    for (const one of sealed.filter((text) => text !== code))
      expect(await app.redeem(one)).toMatchObject(INVALID_GRANT);
    for (const one of sealed.slice(0, 2)) expect(await app.refresh(one)).toMatchObject(INVALID_GRANT);
    for (const one of sealed.slice(1)) {
      expect((await browser.open(`/authorize/consent?at=${one}`)).status).toBe(400);
    }
    for (const one of sealed.slice(0, 3)) {
      const query = new URLSearchParams({
        client_id: app.client.id,
        request_uri: `urn:ietf:params:oauth:request_uri:${one}`,
      });
      expect((await browser.open(`/authorize?${query}`)).status).toBe(400);
    }
    expect(await app.isTaken(code)).toBe(false);
    expect(await app.isTaken(body.refresh_token)).toBe(false);
  });
});

describe("somebody who sends on what they were sent", () => {
  it("gets whoever opens it asked, and no answer in anybody else's name", async () => {
    const sent = locationOf(await browser.open(app.path()));
    const bea = await Resident.settle("Bea");
    const hers = await bea.browse(world.site);
    const page = await hers.open(sent.href);
    expect(page.text).toContain("Bea");
    const answer = locationOf(await hers.submit(page, "/authorize/consent", { decision: "allow" }));
    expect(answer.href.startsWith(CALLBACK)).toBe(true);
    await app.redeem(saidIn(answer).code ?? "");
    const connectedTo = async (owner: string) => (await world.admin("GET", `/owners/${owner}/connections`)).body.items;
    expect(await connectedTo(bea.ownerId)).toMatchObject([{ client_id: app.client.id }]);
    const forged = await hers.submit(page, "/authorize/consent", { decision: "allow", owner: ana.ownerId });
    expect([forged.status, forged.headers.get("location")]).toEqual([404, null]);
  });
});

describe("a refresh token", () => {
  it("that was replaced and comes again ends everything of its family, of no other, and the owner reads of it", async () => {
    const phone = await CodeApp.registerPublic(world);
    const [one, other] = [await phone.connect(browser), await phone.connect(browser)];
    const next = (await phone.refresh(one.refresh_token)).body;
    expect(next.refresh_token).not.toBe(one.refresh_token);
    expect((await phone.refresh(one.refresh_token)).status).toBe(200);
    wait(11);
    expect(await phone.refresh(one.refresh_token)).toMatchObject(INVALID_GRANT);
    expect(await phone.refresh(next.refresh_token)).toMatchObject(INVALID_GRANT);
    for (const token of [one.access_token, next.access_token]) {
      expect([await phone.isTaken(token), await phone.isTakenByRecord(token)]).toEqual([false, false]);
    }
    expect(await phone.isTaken(other.access_token)).toBe(true);
    expect((await phone.refresh(other.refresh_token)).status).toBe(200);
  });

  it("is good for its own client only, and nobody else's attempt ends it", async () => {
    const [phone, thief] = [await CodeApp.registerPublic(world), await CodeApp.registerPublic(world)];
    const { refresh_token } = await phone.connect(browser);
    expect(await thief.refresh(refresh_token)).toMatchObject(INVALID_GRANT);
    const form = { client_id: thief.client.id, token: String(refresh_token) };
    expect((await world.send("POST", "/revocation", { form })).status).toBe(200);
    expect((await phone.refresh(refresh_token)).status).toBe(200);
  });

  it("that is revoked takes every access token of its consent along, and no other's (RFC 7009 §2.1)", async () => {
    const phone = await CodeApp.registerPublic(world);
    const [one, other] = [await phone.connect(browser), await phone.connect(browser)];
    const next = (await phone.refresh(one.refresh_token)).body;
    const form = { client_id: phone.client.id, token: String(next.refresh_token) };
    expect((await world.send("POST", "/revocation", { form })).status).toBe(200);
    for (const token of [one.access_token, next.access_token]) {
      expect([await phone.isTaken(token), await phone.isTakenByRecord(token)]).toEqual([false, false]);
    }
    expect(await phone.refresh(next.refresh_token)).toMatchObject(INVALID_GRANT);
    expect(await phone.isTaken(other.access_token)).toBe(true);
  });

  it("outlives an access token that is revoked alone", async () => {
    const phone = await CodeApp.registerPublic(world);
    const { access_token, refresh_token } = await phone.connect(browser);
    const form = { client_id: phone.client.id, token: String(access_token) };
    await world.send("POST", "/revocation", { form });
    expect([await phone.isTaken(access_token), await phone.isTakenByRecord(access_token)]).toEqual([false, false]);
    expect((await phone.refresh(refresh_token)).status).toBe(200);
  });
});

describe("a client whose registration changes while somebody is asked", () => {
  it("gets no answer where it may not be answered any more", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const other = "https://photos.example/other";
    const changing = await CodeApp.registerPublic(world, { redirect_uris: [CALLBACK, other] });
    const [page, pushed] = [await changing.ask(browser), await changing.pushedPath()];
    const registration = {
      client_name: "Photos",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      redirect_uris: [other],
    };
    expect((await world.admin("PUT", `/clients/${changing.client.id}`, registration)).status).toBe(200);
    for (const answer of [
      await browser.submit(page, "/authorize/consent", { decision: "allow" }),
      await browser.submit(page, "/authorize/consent", { decision: "refuse" }),
      await browser.open(pushed),
    ]) {
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  it("gets no token for a code when it is gone, and its tokens are dead", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const gone = await CodeApp.registerPublic(world);
    const tokens = await gone.connect(browser);
    const code = await gone.allow(browser);
    await world.admin("DELETE", `/clients/${gone.client.id}`);
    expect(await gone.redeem(code)).toMatchObject(refused(401, "invalid_client"));
    expect([await gone.isTaken(tokens.access_token), await gone.isTakenByRecord(tokens.access_token)]).toEqual([
      false,
      false,
    ]);
  });
});
