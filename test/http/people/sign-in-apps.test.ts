import { describe, expect, it } from "vitest";
import { CodeApp, locationOf } from "../../support/server/code-app.ts";
import { refused } from "../../support/server/scene.ts";
import { expectStatus } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const PAGE = "/account/remembered";
const TAKE_BACK = `${PAGE}/take-back`;

/** Somebody who has signed in to an app. */
async function given(scope = "openid email") {
  const [app, person] = [await CodeApp.register(world, { client_name: "Diary & more" }), await Resident.settle()];
  const browser = await person.browse(world.site);
  return { app, person, browser, body: await app.connect(browser, { scope }) };
}

const userInfo = (token: unknown) => world.send("GET", "/userinfo", { bearer: String(token) });

describe("what apps learn of somebody who signs in there", () => {
  it("stands on a page of theirs, which says nothing of that to others", async () => {
    const { browser } = await given();
    const { text } = expectStatus(await browser.open(PAGE), 200);
    for (const words of ["Diary &amp; more", "photos.example", "An email address of yours"])
      expect(text).toContain(words);
    expect((await (await (await Resident.settle()).browse(world.site)).open(PAGE)).text).not.toContain("Diary");
  });

  it("is asked once of an app that proves who it is, and again for more", async () => {
    const { app, browser } = await given();
    expect(locationOf(await browser.open(app.path({ scope: "openid" }))).searchParams.has("code")).toBe(true);
    const more = await app.ask(browser, app.path({ scope: "openid profile" }));
    expect(more.text).toContain("What you are called here");
    await app.answer(browser, more, { decision: "allow" });
    const all = locationOf(await browser.open(app.path({ scope: "openid email profile" })));
    expect(all.searchParams.has("code")).toBe(true);
  });

  it("is asked each time of an app whose name anybody may give", async () => {
    const app = await CodeApp.registerPublic(world);
    const browser = await (await Resident.settle()).browse(world.site);
    for (let round = 0; round < 2; round += 1) await app.connect(browser, { scope: "openid" });
  });

  it("is not told where they refuse", async () => {
    const app = await CodeApp.register(world);
    const browser = await (await Resident.settle()).browse(world.site);
    const page = await app.ask(browser, app.path({ scope: "openid" }));
    const back = await app.answer(browser, page, { decision: "refuse" });
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect((await browser.open(PAGE)).text).not.toContain("Apps that learn");
  });

  it("can be taken back, and then nothing that the app has opens anything", async () => {
    const { app, browser, body } = await given();
    expect((await userInfo(body.access_token)).status).toBe(200);
    const page = await browser.open(PAGE);
    const after = await browser.follow(locationOf(await browser.submit(page, TAKE_BACK, { id: app.client.id })).href);
    expect(after.text).toMatch(/Diary &amp; more.* learns nothing more about you here\./);
    expect(after.text).not.toContain("Apps that learn");
    expect(await userInfo(body.access_token)).toMatchObject(refused(401, "invalid_token"));
    // And it is asked anew.
    const anew = await app.connect(browser, { scope: "openid" });
    expect((await userInfo(anew.access_token)).status).toBe(200);
    expect(await userInfo(body.access_token)).toMatchObject(refused(401, "invalid_token"));
  });

  it("is not told by a code either that was given before it was taken back", async () => {
    const { app, browser } = await given();
    const takeBack = async () => browser.submit(await browser.open(PAGE), TAKE_BACK, { id: app.client.id });
    const signIn = await app.allow(browser, app.path({ scope: "openid profile" }));
    await takeBack();
    expect(await app.redeem(signIn)).toMatchObject(refused(400, "invalid_grant"));
    const connected = await app.allow(browser, app.path({ scope: "openid uma_protection" }));
    await takeBack();
    const { body } = expectStatus(await app.redeem(connected), 200);
    expect([body.scope, body.id_token]).toEqual(["uma_protection", undefined]);
    expect(await userInfo(body.access_token)).toMatchObject(refused(403, "insufficient_scope"));
  });

  it("is taken back by nobody else, and said to be by no link", async () => {
    const { app, browser, body } = await given();
    const other = await (await Resident.settle()).browse(world.site);
    await app.connect(other, { scope: "openid" });
    await other.submit(await other.open(PAGE), TAKE_BACK, { id: app.client.id });
    expect((await userInfo(body.access_token)).status).toBe(200);
    const lie = await browser.open(`${PAGE}?taken_back=${app.client.id}`);
    expect(lie.text).not.toContain("learns nothing more");
  });

  it("is in what they take along, and goes with the app", async () => {
    const { app, browser } = await given();
    const exported = JSON.parse((await browser.open("/account/data/download")).text);
    expect(exported.sign_ins).toEqual([
      expect.objectContaining({ client_id: app.client.id, scopes: ["openid", "email"] }),
    ]);
    await world.admin("DELETE", `/clients/${app.client.id}`);
    expect((await browser.open(PAGE)).text).not.toContain("Apps that learn");
  });
});
