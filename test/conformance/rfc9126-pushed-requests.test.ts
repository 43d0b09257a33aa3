import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { refused } from "../support/server/scene.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
let app: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  app = await CodeApp.register(world);
  browser = await (await Resident.settle()).browse(world.site);
});

afterEach(() => {
  vi.useRealTimers();
});

/** How many answers each replay guard of a client has noted. */
async function notedOf({ client }: CodeApp): Promise<readonly number[]> {
  const named = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((first) =>
    env.REPLAY_GUARD.idFromName(`pushed-${client.id}-${first}`),
  );
  const kept = new Set((await listDurableObjectIds(env.REPLAY_GUARD)).map(String));
  const counts = named
    .filter((id) => kept.has(String(id)))
    .map((id) =>
      runInDurableObject(env.REPLAY_GUARD.get(id), (_, { storage }) =>
        Number(storage.sql.exec("SELECT count(*) AS n FROM used").one().n),
      ),
    );
  return Promise.all(counts);
}

/** A page that tells somebody that they cannot go on. */
const PAGE = [400, null];
const statusAndLocation = async (path: string) => {
  const { status, headers } = await browser.open(path);
  return [status, headers.get("location")];
};

describe("the endpoint (RFC 9126 §2)", () => {
  it("O-9126-2-metadata is in the metadata", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.pushed_authorization_request_endpoint).toBe(`${world.site.issuer}/par`);
  });

  it("O-9126-2.1-client-auth authenticates clients as the token endpoint does", async () => {
    const wrong = { basic: { ...app.client, secret: "wrong" }, form: app.request() };
    expect(await world.send("POST", "/par", wrong)).toMatchObject(refused(401, "invalid_client"));
    expect(await world.send("POST", "/par", { form: app.request() })).toMatchObject(refused(401, "invalid_client"));
    const other = { basic: app.client, form: { ...app.request(), client_id: "other" } };
    expect(await world.send("POST", "/par", other)).toMatchObject(refused(400, "invalid_request"));
    expect((await (await CodeApp.registerPublic(world)).push()).status).toBe(201);
    const body = { ...app.request(), client_secret: app.client.secret };
    expect((await world.send("POST", "/par", { form: body })).status).toBe(201);
  });

  it("O-9126-2.1-no-request-uri takes no request_uri", async () => {
    const { body } = await app.push();
    for (const request_uri of ["x", String(body.request_uri)]) {
      expect(await app.push({ request_uri })).toMatchObject(refused(400, "invalid_request"));
    }
  });

  it("O-9126-2.1-validate refuses what the authorization endpoint would refuse, as JSON", async () => {
    const wrong = [
      [{ redirect_uri: "https://evil.example/" }, "invalid_request"],
      [{ scope: "address" }, "invalid_scope"],
      [{ scope: "" }, "invalid_scope"],
      [{ code_challenge: "" }, "invalid_request"],
      [{ response_type: "token" }, "unsupported_response_type"],
      [{ prompt: "none login" }, "invalid_request"],
      [{ request: "eyJ" }, "request_not_supported"],
    ] as const;
    for (const [changes, error] of wrong) expect(await app.push(changes)).toMatchObject(refused(400, error));
    const other = { basic: await world.client({}), form: app.request({ client_id: "" }) };
    expect(await world.send("POST", "/par", other)).toMatchObject(refused(400, "unauthorized_client"));
    const twice = [...Object.entries(app.request()), ["state", "other"] as const];
    const repeated = await world.send("POST", "/par", { basic: app.client, form: twice });
    expect(repeated).toMatchObject(refused(400, "invalid_request"));
  });

  it("O-9126-2.2-created answers 201 with a URI that nobody guesses, for a while, and that no cache keeps", async () => {
    const [one, other] = [await app.push(), await app.push()];
    expect(one.status).toBe(201);
    expect(one.body.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w.-]{43,}$/);
    expect(one.body.request_uri).not.toBe(other.body.request_uri);
    expect(one.body.expires_in).toBe(90);
    expect(one.headers.get("cache-control")).toBe("no-store");
  });

  it("O-9126-2.3-method answers nothing but POST", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await world.send(method, "/par");
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });
});

describe("the request_uri (RFC 9126 §4)", () => {
  it("stands for the whole request, and nothing beside it counts", async () => {
    const path = `${await app.pushedPath()}&state=other&scope=uma_policy&redirect_uri=https://evil.example`;
    const answer = await app.answer(browser, await app.ask(browser, path), { decision: "allow" });
    expect(answer.href).toMatch(/^https:\/\/photos\.example\/cb\?/);
    expect(saidIn(answer)).toMatchObject({ state: "xyz" });
    expect((await app.redeem(saidIn(answer).code ?? "")).body).toMatchObject({ scope: "uma_protection" });
  });

  it("O-9126-2.2-client-bound is its client's alone", async () => {
    const other = await CodeApp.register(world);
    const request_uri = text(expectStatus(await app.push(), 201), "request_uri");
    const path = `/authorize?${new URLSearchParams({ client_id: other.client.id, request_uri })}`;
    expect(await statusAndLocation(path)).toEqual(PAGE);
    expect(await statusAndLocation(`/authorize?${new URLSearchParams({ request_uri })}`)).toEqual(PAGE);
  });

  it("O-9126-4-one-time gets one response, whatever that says; its page may be looked at until then", async () => {
    for (const decision of ["allow", "refuse"]) {
      const path = await app.pushedPath({ prompt: "consent" });
      const [page, again] = [await app.ask(browser, path), await app.ask(browser, path)];
      await app.answer(browser, page, { decision });
      const repeated = await browser.submit(again, "/authorize/consent", { decision: "allow" });
      expect([repeated.status, repeated.headers.get("location")]).toEqual(PAGE);
      const anew = await browser.submit(await app.ask(browser, path), "/authorize/consent", { decision: "allow" });
      expect([anew.status, anew.headers.get("location")]).toEqual(PAGE);
    }
    const standing = await app.pushedPath();
    expect(saidIn(locationOf(await browser.open(standing)))).toHaveProperty("code");
    expect(await statusAndLocation(standing)).toEqual(PAGE);
    const many = await app.pushedPath({ prompt: "consent" });
    const page = await app.ask(browser, many);
    const submits = Array.from({ length: 10 }, () => browser.submit(page, "/authorize/consent", { decision: "allow" }));
    expect((await Promise.all(submits)).filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it("O-9126-4-one-time connects nobody by a page that stayed open when its person had refused", async () => {
    const refused = await CodeApp.register(world);
    const path = await refused.pushedPath();
    const [page, older] = [await refused.ask(browser, path), await refused.ask(browser, path)];
    expect(saidIn(await refused.answer(browser, page, { decision: "refuse" }))).toHaveProperty("error");
    expect((await browser.submit(older, "/authorize/consent", { decision: "allow" })).status).toBe(400);
    const silent = locationOf(await browser.open(refused.path({ prompt: "none" })));
    expect(saidIn(silent)).toMatchObject({ error: "consent_required" });
  });

  it("O-9126-4-one-time is noted of each client apart, so that nobody uses up the room of another's people", async () => {
    const other = await CodeApp.register(world);
    for (const one of [app, other]) await one.connect(browser, { prompt: "consent" });
    const answer = async (one: CodeApp) => {
      for (let round = 0; round < 20; round += 1) await browser.open(await one.pushedPath());
    };
    const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    const before = sumOf(await notedOf(app));
    await answer(app);
    const own = await notedOf(app);
    expect(sumOf(own)).toBe(before + 20);
    expect(own.length).toBeGreaterThan(1);
    await answer(other);
    expect(await notedOf(app)).toEqual(own);
    expect(sumOf(await notedOf(other))).toBe(20);
  });

  it("O-9126-4-expired is nothing after its time, nor when somebody altered it", async () => {
    const path = await app.pushedPath();
    expect(await statusAndLocation(path.slice(0, -1))).toEqual(PAGE);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 90_000 });
    expect(await statusAndLocation(path)).toEqual(PAGE);
  });

  it("O-9126-4-par-required is the only way for a client that is registered for it", async () => {
    const strict = await CodeApp.register(world, { require_pushed_authorization_requests: true });
    const told = saidIn(locationOf(await browser.open(strict.path())));
    expect(told).toMatchObject({ error: "invalid_request", state: "xyz" });
    expect((await strict.redeem(await strict.allow(browser, await strict.pushedPath()))).status).toBe(200);
  });

  it("O-9126-4-par-required is the only way for anybody where the server requires it, and says so", async () => {
    const strict = configuredWorld({ PUSHED_REQUESTS: "required" });
    const { body } = await strict.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.require_pushed_authorization_requests).toBe(true);
    const here = await (await Resident.settle()).browse(strict.site);
    for (const one of [await CodeApp.register(strict), await CodeApp.registerPublic(strict)]) {
      expect(saidIn(locationOf(await here.open(one.path())))).toMatchObject({ error: "invalid_request", state: "xyz" });
      expect((await one.redeem(await one.allow(here, await one.pushedPath()))).status).toBe(200);
    }
  });
});
