import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { CodeApp } from "../../support/server/code-app.ts";
import { locationOf } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { addressProof } from "../../support/workerd/people.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const pathOf = (ownerId: string) => `/console/${ownerId}/apps`;

/** Somebody with an app that they have connected. */
async function connected(registration = {}) {
  const [ana, app] = [await Resident.settle(), await CodeApp.register(world, registration)];
  const browser = await ana.browse(world.site);
  return { ana, app, browser, path: pathOf(ana.ownerId), tokens: await app.connect(browser) };
}

describe("the connected apps", () => {
  it("are for those who are signed in, who are sent to their own", async () => {
    const ana = await Resident.settle();
    for (const path of ["/account/apps", pathOf(ana.ownerId)]) {
      expect(locationOf(await new BrowserLike(world.site).open(path)), path).toContain("/sign-in?");
    }
    expect(locationOf(await (await ana.browse(world.site)).open("/account/apps"))).toBe(pathOf(ana.ownerId));
  });

  it("are none, and how there could be one is said", async () => {
    const ana = await Resident.settle();
    const page = await (await ana.browse(world.site)).open(pathOf(ana.ownerId));
    expect(page.text).toContain("No app acts for you.");
    expect(page.text).toContain("when you connect it");
  });

  it("are listed with what each can do, since when, where it runs, what it keeps and did", async () => {
    const { app, browser, path, tokens } = await connected({ client_name: "Photo Box" });
    const without = await browser.open(path);
    for (const part of ["One app acts for you.", "Photo Box", "photos.example", "Lets you decide here"]) {
      expect(without.text).toContain(part);
    }
    expect(without.text).toContain(`<time datetime="${new Date().toISOString().slice(0, 10)}`);
    expect(without.text).not.toContain("shares for you");
    expect(without.text).not.toContain("keeps</a>");
    expect(without.text).toContain("/activity?q=Photo+Box");
    for (const name of ["One", "Two"]) {
      await world.registerResource(String(tokens.access_token), { resource_scopes: ["view"], name });
    }
    const page = await browser.open(path);
    expect(page.text).toContain(`/things?app=${app.client.id}">The 2 things that it keeps</a>`);
  });

  it("are those of the owner that they are looked at for, as long as one acts for them", async () => {
    const { ana, browser, path } = await connected({ client_name: "Own App" });
    const clinic = await world.owner("Lakeside Clinic");
    const tool = await CodeApp.register(world, { client_name: "Clinic Tool" });
    await world.connect(clinic, tool.client, ["uma_policy"]);
    await ana.administer(clinic);
    const theirs = await browser.open(pathOf(clinic));
    expect(theirs.text).toMatch(/One app acts for .*Lakeside Clinic/);
    expect(theirs.text).toContain("Clinic Tool");
    expect(theirs.text).not.toContain("Own App");
    expect((await browser.open(path)).text).not.toContain("Clinic Tool");
    await ana.administer(clinic, Math.floor(Date.now() / 1_000));
    expect((await browser.open(pathOf(clinic))).status).toBe(404);
  });

  it("go on, page by page", async () => {
    const { ana, browser, path } = await connected();
    for (let made = 0; made < 50; made += 1) {
      const client = await world.client({ client_name: `Tool ${made}` });
      await world.connect(ana.ownerId, client, ["uma_policy"]);
    }
    const first = await browser.open(path);
    expect(first.text).toContain("51 apps act for you");
    const [, next = ""] = first.text.match(/href="([^"]+\/apps\?after=[^"]+)"/) ?? [];
    const second = await browser.open(next);
    const namesOf = (text: string) => [...text.matchAll(/<bdi class="name">((?:Tool \d+)|Photos)</g)].map(([, n]) => n);
    expect(new Set([...namesOf(first.text), ...namesOf(second.text)]).size).toBe(51);
    expect(new Set(namesOf(second.text)).size).toBe(1);
    expect((await browser.open(`${path}?after=%00`)).status).toBe(400);
  });
});

it("whoever gave no name is shown by the address that was verified, and so is who is asked", async () => {
  const [nameless, app] = [await Resident.settle(""), await CodeApp.register(world)];
  const address = `${crypto.randomUUID()}@home.example`;
  await new D1AccountStore(env.DB).addProof(nameless.account.id, addressProof(address));
  const browser = await nameless.browse(world.site);
  expect((await browser.open(pathOf(nameless.ownerId))).text).toContain(address);
  expect((await app.ask(browser)).text).toContain(address);
});

describe("an app that is ended", () => {
  it("is gone from the list, and everything of it is dead at once", async () => {
    const { ana, app, browser, path, tokens } = await connected({ client_name: "Photo Box" });
    const code = await app.allow(browser, app.path({ prompt: "consent" }));
    const list = await browser.open(path);
    const ended = locationOf(await browser.submit(list, `${path}/end`));
    const page = await browser.open(ended);
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
    const { browser, app, ana, path } = await connected();
    const [bea, clinic] = [await Resident.settle("Bea"), await world.owner("Lakeside Clinic")];
    await world.connect(clinic, app.client, ["uma_policy"]);
    const [, csrf = ""] = (await browser.open(path)).text.match(/name="csrf" value="([^"]+)"/) ?? [];
    for (const owner of [clinic, bea.ownerId]) {
      const form = { csrf, client: app.client.id };
      const answer = await browser.request("POST", `${pathOf(owner)}/end`, {
        form,
        headers: { Origin: world.site.issuer },
      });
      expect(answer.status).toBe(404);
    }
    for (const owner of [clinic, ana.ownerId]) {
      const { body } = await world.admin("GET", `/owners/${owner}/connections`);
      expect(body).toMatchObject({ items: [{ client_id: app.client.id }] });
    }
  });

  it("ends by our own page only, and by somebody who is signed in", async () => {
    const { ana, browser, app, path } = await connected();
    const list = await browser.open(path);
    const form = { client: app.client.id };
    const forged = await browser.request("POST", `${path}/end`, { form, headers: { Origin: "https://evil.example" } });
    expect(forged.status).toBe(403);
    browser.setCookie("__Host-session", "gone");
    expect(locationOf(await browser.submit(list, `${path}/end`))).toContain("/sign-in?");
    const { body } = await world.admin("GET", `/owners/${ana.ownerId}/connections`);
    expect(body).toMatchObject({ items: [{ client_id: app.client.id }] });
  });

  it("is told of by no link while it is connected", async () => {
    const { ana, browser, app, path } = await connected();
    const link = `?ended=${app.client.id}`;
    expect((await browser.open(path + link)).text).not.toContain("no longer connected");
    const clinic = await world.owner("Lakeside Clinic");
    await world.connect(clinic, app.client, ["uma_policy"]);
    await ana.administer(clinic);
    expect((await browser.open(pathOf(clinic) + link)).text).not.toContain("no longer connected");
    await browser.submit(await browser.open(pathOf(clinic)), `${pathOf(clinic)}/end`);
    expect((await browser.open(pathOf(clinic) + link)).text).toContain("no longer connected");
    expect((await browser.open(path + link)).text).not.toContain("no longer connected");
  });

  it("names nothing that is no app", async () => {
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    for (const id of ["<script>", "A".repeat(22)]) {
      const page = await browser.open(`${pathOf(ana.ownerId)}?ended=${encodeURIComponent(id)}`);
      expect([page.status, page.text.includes("no longer connected")]).toEqual([200, false]);
    }
  });
});

it("an owner's activity tells who connected an app, and who ended it", async () => {
  const { ana, browser, path } = await connected();
  await browser.submit(await browser.open(path), `${path}/end`);
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
