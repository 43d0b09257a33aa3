import { beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { refused } from "../support/server/scene.ts";
import { attempt, initialAccessToken } from "../support/server/self-registered.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
let app: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  app = await CodeApp.register(world);
  browser = await (await Resident.settle()).browse(world.site);
});

/** What the client is told, with somebody signed in. */
const told = async (path: string) => saidIn(locationOf(await browser.open(path)));

describe("the authorization endpoint (RFC 6749 §3.1)", () => {
  it("O-6749-3.1-owner-authn asks nobody before they have signed in, and gives no code", async () => {
    const sent = locationOf(await new BrowserLike(world.site).open(app.path()));
    expect(sent.href).toMatch(new RegExp(`^${world.site.issuer}/sign-in\\?`));
    expect(sent.href).not.toContain("code=");
  });

  it("O-6749-3.1-get takes GET, and POST leads to it", async () => {
    expect((await app.ask(browser)).text).toContain("asks to be connected");
    const posted = await browser.request("POST", "/authorize", { form: app.request() });
    expect(posted.status).toBe(303);
    expect((await app.ask(browser, posted.headers.get("location") ?? "")).text).toContain("asks to be connected");
  });

  it("O-6749-3.1.1-response-type refuses a missing and an unknown response type", async () => {
    expect(await told(app.path({ response_type: "" }))).toMatchObject({ error: "invalid_request", state: "xyz" });
    expect(await told(app.path({ response_type: "foo" }))).toMatchObject({ error: "unsupported_response_type" });
  });
});

describe("redirect URIs (RFC 6749 §3.1.2)", () => {
  it("O-6749-3.1.2-redirect-form are absolute and without fragment, and keep their query", async () => {
    const token = await initialAccessToken(world, { grant_types: ["authorization_code"] });
    for (const uri of ["/cb", "https://c.example/cb#x"]) {
      const body = { client_name: "c", grant_types: ["authorization_code"], redirect_uris: [uri] };
      expect(await attempt(world, body, token)).toMatchObject(refused(400, "invalid_redirect_uri"));
      const answer = await world.admin("POST", "/clients", body);
      expect(answer).toMatchObject({
        status: 400,
        body: { error_description: expect.stringMatching(/^redirect_uris/) },
      });
    }
    const keeping = await CodeApp.register(world, { redirect_uris: ["https://c.example/cb?a=1"] });
    const answer = await keeping.answer(browser, await keeping.ask(browser), { decision: "allow" });
    expect(answer.href).toMatch(/^https:\/\/c\.example\/cb\?a=1&code=/);
  });

  it("O-6749-3.1.2.3-redirect-required one has to be named where several are registered", async () => {
    const several = await CodeApp.register(world, { redirect_uris: [CALLBACK, "https://photos.example/other"] });
    const page = await browser.open(several.path({ redirect_uri: "" }));
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    expect((await app.ask(browser, app.path({ redirect_uri: "" }))).status).toBe(200);
  });

  it("O-6749-3.1.2.4-invalid-redirect O-6749-3.1.2.4-inform-user nobody is sent to one that is not registered, or for a client that is not: a page tells them", async () => {
    for (const [changes, title] of [
      [
        { redirect_uri: "https://evil.example" },
        "The app that sent you here gave an address that it has not registered.",
      ],
      [{ client_id: "unknown" }, "We do not know the app that sent you here."],
      [{ client_id: "" }, "This page was opened in a way that does not work."],
    ] as const) {
      const page = await browser.open(app.path(changes));
      expect([page.status, page.headers.get("location")]).toEqual([400, null]);
      expect(page.headers.get("content-type")).toMatch(/^text\/html/);
      expect(page.text).toContain(`<h1>${title}</h1>`);
      expect(page.text).not.toContain('evil.example"');
    }
  });
});
