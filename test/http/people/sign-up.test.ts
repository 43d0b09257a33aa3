import { describe, expect, it } from "vitest";
import { CodeApp } from "../../support/server/code-app.ts";
import { codesOf, locationOf, optionsFrom, Person } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { expectStatus } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const newcomer = () => new Person(world.site);

describe("making an account", () => {
  it("takes a name and a passkey, and shows the recovery codes once", async () => {
    const ana = newcomer();
    const shown = await ana.signUp("Ana María");
    expect(codesOf(shown)).toHaveLength(10);
    expect(shown.headers.get("cache-control")).toBe("no-store");
    const home = await ana.browser.open("/account");
    expect(home.status).toBe(200);
    expect(home.text).toContain("Ana María");
    expect((await ana.browser.open("/account/security")).text).toContain("10 are left.");
  });

  it("makes somebody an owner at once, whose ledger is open, and a requesting party", async () => {
    const ana = newcomer();
    await ana.signUp();
    const app = await CodeApp.register(world);
    const { access_token } = await app.connect(ana.browser);
    expect(await app.isTaken(access_token)).toBe(true);
    const scene = await Scene.open(world);
    await scene.permitAnyone();
    const consult = await world.client({ client_name: "Consult", claims_redirect_uris: ["https://c.example/cr"] });
    const sent = { client_id: consult.id, ticket: await scene.ticket(await scene.resource()) };
    const page = await ana.browser.follow(`/claims?${new URLSearchParams(sent)}`);
    const back = locationOf(await ana.browser.submit(page, "/claims/interaction", { decision: "continue" }));
    const ticket = new URL(back).searchParams.get("ticket") ?? "";
    expect((await scene.redeemAs(consult, ticket)).status).toBe(200);
  });

  it("shows the codes to nobody a second time", async () => {
    const ana = newcomer();
    const page = await ana.browser.open("/sign-up");
    const path = locationOf(await ana.makePasskey(page, "/sign-up/passkey", { name: "Ana" }));
    const bob = newcomer();
    await bob.signUp("Bob");
    expect((await bob.browser.open(path)).status).toBe(303);
    expect(codesOf(await ana.browser.open(path))).toHaveLength(10);
    const again = await ana.browser.open(path);
    expect(locationOf(again)).toMatch(/\/account\/security#recovery$/);
  });

  it("needs no name", async () => {
    const nobody = newcomer();
    await nobody.signUp("");
    expect((await nobody.browser.open("/account")).text).toContain(
      "You have not said yet what others should call you.",
    );
  });

  it.each(["x".repeat(101), "two\nlines"])("takes no name that cannot be shown: %j", async (name) => {
    const ana = newcomer();
    const page = await ana.browser.open("/sign-up");
    const refused = await ana.browser.script(page, "/sign-up/passkey/options", { name });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe("This name is too long. Use a shorter name.");
  });

  it("gives the browser another session and another visit than it had", async () => {
    const ana = newcomer();
    await ana.browser.open("/sign-up");
    const visit = ana.browser.cookie("__Host-visit");
    ana.browser.setCookie("__Host-session", "mallory-knows-this");
    await ana.signUp();
    expect(ana.browser.cookie("__Host-visit")).not.toBe(visit);
    expect(ana.browser.cookie("__Host-session")).not.toBe("mallory-knows-this");
    const fixed = newcomer();
    fixed.browser.setCookie("__Host-session", "mallory-knows-this");
    expect(await fixed.isIn()).toBe(false);
  });

  it("goes on to where somebody came from", async () => {
    const ana = newcomer();
    const sent = await ana.browser.open("/account/security");
    const page = await ana.browser.open(locationOf(sent).replace("/sign-in", "/sign-up"));
    const verify = page.text.match(/data-verify-url="([^"]*)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const codes = await ana.browser.open(locationOf(await ana.makePasskey(page, verify, { name: "Ana" })));
    expect(codes.text).toContain('href="/account/security"');
  });

  it("is not begun by whoever is in already", async () => {
    const ana = newcomer();
    await ana.signUp();
    expect(locationOf(await ana.browser.open("/sign-up"))).toBe("/console");
  });
});

describe("a passkey that was made", () => {
  /** A page, what was asked for on it, and what an authenticator answered. */
  async function answered() {
    const ana = newcomer();
    const page = await ana.browser.open("/sign-up");
    const options = expectStatus(await ana.browser.script(page, "/sign-up/passkey/options", { name: "Ana" }), 200);
    return { ana, page, answer: await ana.authenticator.create(optionsFrom(options)) };
  }

  it("counts once", async () => {
    const { ana, page, answer } = await answered();
    expect((await ana.browser.script(page, "/sign-up/passkey", answer)).status).toBe(200);
    const next = await ana.browser.open("/account");
    expect((await ana.browser.script(next, "/sign-up/passkey", answer)).status).toBe(400);
  });

  it("counts in no other browser", async () => {
    const { answer } = await answered();
    const mallory = newcomer();
    const page = await mallory.browser.open("/sign-up");
    const refused = await mallory.browser.script(page, "/sign-up/passkey", answer);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe("That took too long. Try again.");
    expect(await mallory.isIn()).toBe(false);
  });

  it("makes no second account", async () => {
    const ana = newcomer();
    await ana.signUp();
    const mallory = newcomer();
    const page = await mallory.browser.open("/sign-up");
    const options = optionsFrom(await mallory.browser.script(page, "/sign-up/passkey/options", { name: "Mallory" }));
    const [credential] = ana.authenticator.credentials;
    if (credential === undefined) throw new Error("Ana has no passkey");
    const stolen = await ana.authenticator.create(options, { credential });
    expect((await mallory.browser.script(page, "/sign-up/passkey", stolen)).status).toBe(400);
    expect(await mallory.isIn()).toBe(false);
  });

  it.each([
    ["at another origin", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["by nobody in particular", { isVerified: false }],
  ])("does not count if it was made %s", async (_, falsehood) => {
    const mallory = newcomer();
    const page = await mallory.browser.open("/sign-up");
    expect((await mallory.makePasskey(page, "/sign-up/passkey", { name: "M" }, falsehood)).status).toBe(400);
    expect(await mallory.isIn()).toBe(false);
  });
});
