import { beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { EmailPerson } from "../support/server/letters.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { mailWorld } from "../support/workerd/mail-world.ts";
import { addressProof, givenPerson } from "../support/workerd/people.ts";
import { Resident } from "../support/workerd/resident.ts";
import { everyPath } from "../support/workerd/routes.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const ORIGIN = new URL(world.site.issuer).origin;
let app: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  app = await CodeApp.registerPublic(world);
  browser = await (await Resident.settle()).browse(world.site);
});

const PAGE = [400, null];

/** Somebody whom an app may send here to show who they are. */
async function givenVisit() {
  const scene = await Scene.open(world);
  const ana = await Visitor.arrive(world);
  const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"] });
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
  return { ana, client, ticket: await scene.ticket(photo) };
}

async function statusAndLocation(path: string) {
  const { status, headers } = await browser.open(path);
  return [status, headers.get("location")];
}

describe("redirect URIs (RFC 9700 §2.1)", () => {
  it("O-9700-2.1-exact-redirect are compared as texts", async () => {
    const alike = [
      `${CALLBACK}/`,
      "https://photos.example/CB",
      "https://PHOTOS.example/cb",
      `${CALLBACK}?x=1`,
      `${CALLBACK}/more`,
      "https://user@photos.example/cb",
      "https://photos.example:443/cb",
      "https://photos.example/./cb",
      "http://photos.example/cb",
      `${CALLBACK}#x`,
    ];
    for (const redirect_uri of alike) {
      expect(await statusAndLocation(app.path({ redirect_uri })), redirect_uri).toEqual(PAGE);
    }
  });

  it("O-9700-2.1-loopback-port may have any port on the user's own machine, and differ in nothing else", async () => {
    for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
      const native = await CodeApp.registerPublic(world, { redirect_uris: [`http://${host}/cb`] });
      const redirect_uri = `http://${host}:51004/cb`;
      const path = native.path({ redirect_uri });
      const answer = await native.answer(browser, await native.ask(browser, path), { decision: "allow" });
      expect(answer.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
      expect((await native.redeem(saidIn(answer).code ?? "", { redirect_uri })).status).toBe(200);
      const others = [`http://${host}:51004/other`, "http://evil.example:51004/cb", `https://${host}:51004/cb`];
      for (const other of others) {
        expect(await statusAndLocation(native.path({ redirect_uri: other })), other).toEqual(PAGE);
      }
    }
  });

  it("O-9700-2.1-no-open-redirector nothing that is opened forwards to where a parameter says", async () => {
    const evil = ["https://evil.example", "//evil.example", "/\\evil.example", "https:evil.example"];
    const ours = ["redirect_uri", "claims_redirect_uri", "post_logout_redirect_uri", "return", "continue", "at"];
    const names = [...ours, "return_to", "next", "url", "redirect", "path", "after"];
    for (const path of everyPath()) {
      for (const target of evil) {
        const query = new URLSearchParams(names.map((name) => [name, target]));
        const { headers, text } = await browser.open(`${path}?${query}`);
        const location = headers.get("location");
        if (location !== null) expect(new URL(location, `${ORIGIN}/`).origin, path).toBe(ORIGIN);
        expect(text, path).not.toMatch(/http-equiv="refresh"|(?:href|action)="[^"]*evil/i);
      }
    }
  });
});

describe("the authorization endpoint", () => {
  it("O-9700-2.1.2-no-implicit gives no access token", async () => {
    for (const response_type of ["token", "code token", "id_token token", "code id_token"]) {
      const told = saidIn(locationOf(await browser.open(app.path({ response_type }))));
      expect(told).toMatchObject({ error: "unsupported_response_type" });
      expect(told).not.toHaveProperty("access_token");
    }
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.response_types_supported).toEqual(["code"]);
  });

  it("O-9700-4.11.2-authn-before-redirect sends nobody on with an error before they have signed in", async () => {
    for (const wrong of [{ scope: "view" }, { response_type: "foo" }, { code_challenge: "" }, { request: "eyJ" }]) {
      const stranger = new BrowserLike(world.site);
      const path = app.path(wrong as Record<string, string>);
      const sent = locationOf(await stranger.open(path));
      expect([sent.origin, sent.pathname]).toEqual([ORIGIN, "/sign-in"]);
      await (await Resident.settle()).signIn(stranger);
      expect(locationOf(await stranger.open(path)).href).toMatch(/^https:\/\/photos\.example\/cb\?error=/);
    }
  });

  it("O-9700-4.12-no-307 sends a browser on with 303 from whatever form it has sent", async () => {
    const page = await app.ask(browser);
    for (const decision of ["switch", "refuse", "allow"]) {
      expect((await browser.submit(page, "/authorize/consent", { decision })).status).toBe(303);
    }
    const apps = (await browser.open("/account/apps")).headers.get("location") ?? "";
    const list = await browser.open(apps);
    expect((await browser.submit(list, `${apps}/end`)).status).toBe(303);
    expect((await browser.submit(list, "/language", { language: "en" })).status).toBe(303);
    expect((await browser.submit(list, "/sign-out")).status).toBe(303);
    await (await Resident.settle()).signIn(browser);
  });

  it("O-9700-4.12-no-307 does so where people sign in, and where they show who they are", async () => {
    const { site } = mailWorld();
    const known = new EmailPerson(site);
    await givenPerson(addressProof(known.address));
    const page = await known.askForCode();
    expect((await known.enter(page, await known.newestCode())).status).toBe(303);
    for (const decision of ["cancel", "continue"]) {
      const { ana, client, ticket } = await givenVisit();
      expect((await ana.decide(await ana.look(client, { ticket }), decision)).status).toBe(303);
    }
  });

  it("O-OIDC-3.1.2.1-prompt shows nothing for prompt=none, which stands alone, and makes people sign in for prompt=login", async () => {
    const silent = async (who: BrowserLike) => saidIn(locationOf(await who.open(app.path({ prompt: "none" }))));
    expect(await silent(new BrowserLike(world.site))).toMatchObject({ error: "login_required" });
    expect(await silent(browser)).toMatchObject({ error: "consent_required" });
    const both = saidIn(locationOf(await browser.open(app.path({ prompt: "none login" }))));
    expect(both).toMatchObject({ error: "invalid_request" });
    const since = Math.floor(Date.now() / 1_000) - 5;
    const before = await (await Resident.settle()).browse(world.site, since);
    expect(locationOf(await before.open(app.path({ prompt: "login" }))).pathname).toBe("/sign-in");
  });
});

describe("every page", () => {
  let pages: readonly (readonly [path: string, answer: Answer])[];

  beforeAll(async () => {
    const resident = await Resident.settle();
    const browser = await resident.browse(world.site);
    const consent = locationOf(await browser.open(app.path())).href;
    const paths = [...everyPath({ owner: resident.ownerId }), consent, app.path({ client_id: "unknown" })];
    const { ana, client, ticket } = await givenVisit();
    const claims = ["/claims/interaction", await ana.look(client, { ticket })] as const;
    const opened = await Promise.all(paths.map(async (path) => [path, await browser.open(path)] as const));
    const stranger = new BrowserLike(world.site);
    const strangers = await Promise.all(paths.map(async (path) => [path, await stranger.open(path)] as const));
    const isPage = ([, { headers }]: readonly [string, Answer]) => headers.get("content-type")?.startsWith("text/html");
    pages = [...opened, ...strangers, claims].filter(isPage);
    const shown = pages.filter(([, { status }]) => status === 200).map(([path]) => path);
    expect(shown).toEqual(expect.arrayContaining(["/sign-in", "/sign-up", consent, "/claims/interaction"]));
    expect(shown.filter((path) => path.startsWith(`/console/${resident.ownerId}`)).length).toBeGreaterThan(3);
  });

  it("O-9700-4.16-clickjacking cannot be framed", () => {
    for (const [path, { headers }] of pages) {
      expect(headers.get("content-security-policy"), path).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options"), path).toBe("DENY");
    }
  });

  it("O-9700-4.16-csp loads nothing but our own files, and runs nothing that stands in it", () => {
    for (const [path, { headers }] of pages) {
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).not.toMatch(/unsafe|\*|script-src [^;]*http/);
    }
  });

  it("O-9700-4.2.4-referrer tells no other site its URL, and has nothing of a third party in it", () => {
    for (const [path, { headers, text }] of pages) {
      // A page with a form cannot have no-referrer, by which browsers would not say where the form comes from (Fetch §3.1).
      const expected = text.includes("<form") ? "same-origin" : "no-referrer";
      expect(headers.get("referrer-policy"), path).toBe(expected);
      const loaded = [...text.matchAll(/<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)="([^"]*)"/g)];
      for (const [, url = ""] of loaded) expect(new URL(url, ORIGIN).origin, path).toBe(ORIGIN);
    }
  });

  it("O-9700-4.2.4-referrer nor does what sends a browser on, which has a code, a state or a ticket in its URL", async () => {
    const { ana, client, ticket } = await givenVisit();
    const answers = [
      await browser.open(app.path()),
      await browser.open(app.path({ prompt: "none" })),
      await browser.submit(await app.ask(browser), "/authorize/consent", { decision: "allow" }),
      await ana.come(client, { ticket }),
      await ana.decide(await ana.look(client, { ticket }), "continue"),
    ];
    const policies = answers.map(({ status, headers }) => [status, headers.get("referrer-policy")]);
    expect(policies).toEqual(Array(5).fill([303, "no-referrer"]));
  });
});
