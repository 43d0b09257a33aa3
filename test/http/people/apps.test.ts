import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { CodeApp, locationOf } from "../../support/server/code-app.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { addressProof } from "../../support/workerd/people.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const PATH = "/account/apps";

/** Somebody with an app that they have connected. */
async function connected(registration = {}) {
  const [ana, app] = [await Resident.settle(), await CodeApp.register(world, registration)];
  const browser = await ana.browse(world.site);
  return { ana, app, browser, tokens: await app.connect(browser) };
}

describe("the connected apps", () => {
  it("are for those who are signed in", async () => {
    expect(locationOf(await new BrowserLike(world.site).open(PATH)).pathname).toBe("/sign-in");
  });

  it("are none, and how there could be one is said", async () => {
    const page = await (await (await Resident.settle()).browse(world.site)).open(PATH);
    expect(page.text).toContain("No app acts for you.");
    expect(page.text).toContain("when you connect it");
  });

  it("are listed with what each can do, since when, and where it runs", async () => {
    const { browser } = await connected({ client_name: "Photo Box" });
    const page = await browser.open(PATH);
    for (const part of ["One app acts for you.", "Photo Box", "photos.example", "Lets you decide here"]) {
      expect(page.text).toContain(part);
    }
    expect(page.text).toContain(`<time datetime="${new Date().toISOString().slice(0, 10)}`);
    expect(page.text).not.toContain("shares for you");
  });

  it("are those of everybody for whom one acts, as long as one does", async () => {
    const { ana, browser } = await connected({ client_name: "Own App" });
    const clinic = await world.owner("Lakeside Clinic");
    const tool = await CodeApp.register(world, { client_name: "Clinic Tool" });
    await world.connect(clinic, tool.client, ["uma_policy"]);
    await ana.administer(clinic);
    const both = await browser.open(PATH);
    expect(both.text).toMatch(/2 apps act for you/);
    expect(both.text).toMatch(/Clinic Tool[\s\S]*Lakeside Clinic/);
    await ana.administer(clinic, Math.floor(Date.now() / 1_000));
    expect((await browser.open(PATH)).text).not.toContain("Clinic Tool");
  });

  it("go on, page by page", async () => {
    const { ana, browser } = await connected();
    for (let made = 0; made < 50; made += 1) {
      const client = await world.client({ client_name: `Tool ${made}` });
      await world.connect(ana.ownerId, client, ["uma_policy"]);
    }
    const first = await browser.open(PATH);
    expect(first.text).toContain("51 apps act for you");
    const [, next = ""] = first.text.match(/href="(\/account\/apps\?after=[^"]+)"/) ?? [];
    const second = await browser.open(next);
    const namesOf = (text: string) => [...text.matchAll(/<bdi class="name">((?:Tool \d+)|Photos)</g)].map(([, n]) => n);
    expect(new Set([...namesOf(first.text), ...namesOf(second.text)]).size).toBe(51);
    expect(namesOf(second.text)).toHaveLength(1);
  });
});

it("whoever gave no name is shown by the address that was verified, and so is who is asked", async () => {
  const [nameless, app] = [await Resident.settle(""), await CodeApp.register(world)];
  const address = `${crypto.randomUUID()}@home.example`;
  await new D1AccountStore(env.DB).addProof(nameless.account.id, addressProof(address));
  const browser = await nameless.browse(world.site);
  expect((await browser.open(PATH)).text).toContain(address);
  expect((await app.ask(browser)).text).toContain(address);
});

describe("an app that is ended", () => {
  it("is gone from the list, and everything of it is dead at once", async () => {
    const { ana, app, browser, tokens } = await connected({ client_name: "Photo Box" });
    const code = await app.allow(browser, app.path({ prompt: "consent" }));
    const list = await browser.open(PATH);
    const ended = locationOf(await browser.submit(list, `${PATH}/end`));
    const page = await browser.open(ended.href);
    expect(page.text).toMatch(/Photo Box[\s\S]* is no longer connected/);
    expect(page.text).toContain("No app acts for you.");
    expect((await app.redeem(code)).body).toMatchObject({ error: "invalid_grant" });
    expect((await app.refresh(tokens.refresh_token)).body).toMatchObject({ error: "invalid_grant" });
    const taken = [await app.isTaken(tokens.access_token), await app.isTakenByRecord(tokens.access_token)];
    expect(taken).toEqual([false, false]);
    const { body } = await world.admin("GET", `/owners/${ana.ownerId}/connections`);
    expect(body).toMatchObject({ items: [] });
  });

  it("ends for that owner alone, and only by somebody who acts for them", async () => {
    const { browser, app, ana } = await connected();
    const [bea, clinic] = [await Resident.settle("Bea"), await world.owner("Lakeside Clinic")];
    await world.connect(clinic, app.client, ["uma_policy"]);
    const list = await browser.open(PATH);
    const answer = await browser.submit(list, `${PATH}/end`, { client: app.client.id, owner: clinic });
    expect(answer.status).toBe(404);
    const foreign = await (await bea.browse(world.site)).open(PATH);
    const other = await browser.submit(list, `${PATH}/end`, { client: app.client.id, owner: bea.ownerId });
    expect([foreign.status, other.status]).toEqual([200, 404]);
    for (const owner of [clinic, ana.ownerId]) {
      const { body } = await world.admin("GET", `/owners/${owner}/connections`);
      expect(body).toMatchObject({ items: [{ client_id: app.client.id }] });
    }
  });

  it("ends by our own page only, and by somebody who is signed in", async () => {
    const { ana, browser, app } = await connected();
    const list = await browser.open(PATH);
    const form = { client: app.client.id, owner: ana.ownerId };
    const forged = await browser.request("POST", `${PATH}/end`, { form, headers: { Origin: "https://evil.example" } });
    expect(forged.status).toBe(403);
    browser.setCookie("__Host-session", "gone");
    expect(locationOf(await browser.submit(list, `${PATH}/end`)).pathname).toBe("/sign-in");
    const { body } = await world.admin("GET", `/owners/${ana.ownerId}/connections`);
    expect(body).toMatchObject({ items: [{ client_id: app.client.id }] });
  });

  it("is told of by no link while it is connected", async () => {
    const { ana, browser, app } = await connected();
    for (const owner of ["", `&owner=${ana.ownerId}`]) {
      const page = await browser.open(`${PATH}?ended=${app.client.id}${owner}`);
      expect(page.text).not.toContain("no longer connected");
    }
    const clinic = await world.owner("Lakeside Clinic");
    await world.connect(clinic, app.client, ["uma_policy"]);
    await ana.administer(clinic);
    const link = `${PATH}?ended=${app.client.id}&owner=${clinic}`;
    expect((await browser.open(link)).text).not.toContain("no longer connected");
    await browser.submit(await browser.open(PATH), `${PATH}/end`, { client: app.client.id, owner: clinic });
    expect((await browser.open(link)).text).toContain("no longer connected");
  });

  it("names nothing that is no app", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    for (const id of ["<script>", "A".repeat(22)]) {
      const page = await browser.open(`${PATH}?ended=${encodeURIComponent(id)}`);
      expect([page.status, page.text.includes("no longer connected")]).toEqual([200, false]);
    }
  });
});

it("an owner's activity tells who connected an app, and who ended it", async () => {
  const { ana, browser } = await connected();
  await browser.submit(await browser.open(PATH), `${PATH}/end`);
  const tool = await CodeApp.register(world);
  const { access_token: bearer } = await tool.connect(browser, { scope: "uma_policy" });
  const { body } = await world.send("GET", "/owner/activity", { bearer: String(bearer) });
  const by = { account_id: ana.account.id };
  expect(body).toMatchObject({
    items: [
      { kind: "authorized", client_id: tool.client.id, detail: by },
      { kind: "changed", client_id: null, detail: { change: "allow_connection", subject: tool.client.id, ...by } },
      { kind: "changed", client_id: null, detail: { change: "end_connection", ...by } },
      { kind: "authorized", detail: by },
      { kind: "changed", detail: { change: "allow_connection", ...by } },
    ],
  });
});
