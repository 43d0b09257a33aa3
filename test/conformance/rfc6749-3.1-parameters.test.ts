import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/** What is empty, unknown or said twice, at the endpoints for clients and at the one for browsers (RFC 6749 §3.1, §3.2). */

const world = localWorld();
const INVALID_REQUEST = refused(400, "invalid_request");
let scene: Scene;
let photo: string;
/** Connected for both scopes. */
let both: Credentials;
let app: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
  both = await world.client({ grant_types: ["client_credentials"] });
  await world.connect(scene.cast.alice, both, ["uma_protection", "uma_policy"]);
  app = await CodeApp.register(world);
  browser = await (await Resident.settle()).browse(world.site);
});

const post = (form: readonly (readonly [string, string])[]) => world.send("POST", "/token", { basic: both, form });
const credentials = (form: Readonly<Record<string, string>> = {}) =>
  post(Object.entries({ grant_type: "client_credentials", ...form }));
/** What an app is told of an authorization request with something more at its end. */
const told = async (path: string) => saidIn(locationOf(await browser.open(path)));
const withMore = (more: string) => `${app.path()}&${more}`;

describe("an empty value", () => {
  it("O-6749-3.1-empty-value is none, at the token endpoint", async () => {
    const [empty, absent] = [await credentials({ scope: "" }), await credentials()];
    expect(empty).toMatchObject({ status: 200, body: { scope: absent.body.scope } });
    expect(await credentials({ grant_type: "" })).toMatchObject(INVALID_REQUEST);
    const code = { grant_type: "authorization_code", code: "" };
    expect(await world.token(app.client, code)).toMatchObject(INVALID_REQUEST);
    const { c1 } = scene.cast;
    expect(await world.token(c1, { grant_type: UMA_GRANT, ticket: "" })).toMatchObject(INVALID_REQUEST);
    expect(await world.token(c1, { grant_type: "refresh_token", refresh_token: "" })).toMatchObject(INVALID_REQUEST);
  });

  it("O-6749-3.1-empty-value is none, in an authorization request", async () => {
    const absent = app.path({ scope: "", prompt: "" });
    expect(await told(`${absent}&scope=`)).toEqual(await told(absent));
    expect((await app.ask(browser, withMore("prompt="))).status).toBe(200);
  });
});

describe("what nobody defined", () => {
  it("O-6749-3.1-unknown-params is passed over", async () => {
    expect((await credentials({ foo: "bar", constructor: "x", "": "y" })).status).toBe(200);
    expect(await scene.redeem(await scene.ticket(photo), { foo: "bar" })).toMatchObject(NEED_INFO);
    expect((await app.push({ foo: "bar" })).status).toBe(201);
    const answer = await app.answer(browser, await app.ask(browser, withMore("foo=bar")), { decision: "allow" });
    expect(Object.keys(saidIn(answer)).toSorted()).toEqual(["code", "iss", "state"]);
  });
});

describe("what is said twice", () => {
  it.each(["grant_type", "ticket", "scope", "foo", "client_id"])(
    "O-6749-3.1-duplicate-params is refused at the token endpoint: %s",
    async (name) => {
      const { c1 } = scene.cast;
      const ticket = await scene.ticket(photo);
      const usual = { grant_type: UMA_GRANT, ticket, scope: "view", foo: "bar", client_id: c1.id };
      const values = new Map(Object.entries(usual));
      for (const second of [values.get(name) ?? "", "other"]) {
        const form = [...values, [name, second] as const];
        expect(await world.send("POST", "/token", { basic: c1, form })).toMatchObject(INVALID_REQUEST);
      }
      expect(await scene.redeem(ticket)).toMatchObject(NEED_INFO);
    },
  );

  it("O-6749-3.1-duplicate-params is refused in an authorization request, to the app where it is known which", async () => {
    for (const state of ["xyz", "other"]) {
      const twice = await told(withMore(`state=${state}`));
      expect(twice).toMatchObject({ error: "invalid_request" });
      expect(twice).not.toHaveProperty("state");
    }
    for (const repeated of [`client_id=${app.client.id}`, `redirect_uri=${encodeURIComponent(CALLBACK)}`]) {
      const page = await browser.open(withMore(repeated));
      expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    }
  });

  it("O-6749-3.1-duplicate-params may be resource, as its own specification allows", async () => {
    const own = ["resource", world.site.issuer] as const;
    expect((await post([["grant_type", "client_credentials"], own, own])).status).toBe(200);
    // What it names is asked for by itself (RFC 8707 §2).
    expect(await told(withMore("resource=a&resource=b"))).toMatchObject({ error: "invalid_target" });
  });
});
