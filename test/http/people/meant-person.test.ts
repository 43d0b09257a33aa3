import { beforeEach, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { BrowserLike as Browser } from "../../support/server/browser-like.ts";
import { CodeApp, locationOf, saidIn } from "../../support/server/code-app.ts";
import { refused } from "../../support/server/scene.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

/** OpenID Connect Core §3.1.2.1 and §3.1.2.2: id_token_hint. */
const world = localWorld();
const SOMEBODY_ELSE = { error: "login_required", error_description: "somebody else is signed in" };
const NO_HINT = { error: "invalid_request" };
let app: CodeApp;
let ana: Resident;
let ben: Resident;
/** What the app asks for when it means Ana. */
let hers: Readonly<Record<string, string>>;

beforeEach(async () => {
  [app, ana, ben] = await Promise.all([CodeApp.register(world), Resident.settle("Ana"), Resident.settle("Ben")]);
  const known = await Promise.all(
    [ana, ben].map(async (one) => app.connect(await one.browse(world.site), { scope: "openid" })),
  );
  hers = { scope: "openid", id_token_hint: String(known[0]?.id_token) };
});

const answered = async (browser: BrowserLike, path: string) => saidIn(locationOf(await browser.open(path)));

describe("an app that means somebody", () => {
  it("gets a code for them", async () => {
    const browser = await ana.browse(world.site);
    for (const prompt of ["", "none"])
      expect(await answered(browser, app.path({ ...hers, prompt }))).toHaveProperty("code");
    expect(await answered(browser, await app.pushedPath(hers))).toHaveProperty("code");
  });

  it("gets none for somebody else who is signed in and has let it know who they are", async () => {
    const browser = await ben.browse(world.site);
    expect(await answered(browser, app.path({ scope: "openid" }))).toHaveProperty("code");
    for (const prompt of ["", "none", "consent"])
      expect(await answered(browser, app.path({ ...hers, prompt }))).toMatchObject(SOMEBODY_ELSE);
    expect(await answered(browser, await app.pushedPath(hers))).toMatchObject(SOMEBODY_ELSE);
    const page = await app.ask(browser, app.path({ scope: "openid", prompt: "consent" }));
    expect(page.text).toContain("Ben");
  });

  it("waits for them to sign in, and gets none for whoever else does", async () => {
    const sentOn = async () => {
      const browser = new Browser(world.site);
      expect(locationOf(await browser.open(app.path(hers))).pathname).toBe("/sign-in");
      return browser;
    };
    const [one, other] = [await sentOn(), await sentOn()];
    await ana.signIn(one);
    await ben.signIn(other);
    expect(await answered(one, app.path(hers))).toHaveProperty("code");
    expect(await answered(other, app.path(hers))).toMatchObject(SOMEBODY_ELSE);
  });

  it("gets none where somebody else signs in while the page is open", async () => {
    const browser = await ana.browse(world.site);
    const page = await app.ask(browser, app.path({ ...hers, prompt: "consent" }));
    await ben.signIn(browser);
    expect(saidIn(await app.answer(browser, page, { decision: "allow" }))).toMatchObject(SOMEBODY_ELSE);
  });

  it("says so by an ID Token that it was given here, and by nothing else", async () => {
    const other = await CodeApp.register(world);
    const { id_token: foreign } = await other.connect(await ana.browse(world.site), { scope: "openid" });
    const browser = await ana.browse(world.site);
    for (const hint of [String(foreign), "x", `${hers.id_token_hint}x`]) {
      expect(await answered(browser, app.path({ ...hers, id_token_hint: hint }))).toMatchObject(NO_HINT);
      expect(await app.push({ ...hers, id_token_hint: hint })).toMatchObject(refused(400, "invalid_request"));
    }
  });
});
