import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { epochSeconds } from "../../../src/shared/time.ts";
import { D1OwnerErasure } from "../../../src/storage/d1/owner-erasure.ts";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { CodeApp } from "../../support/server/code-app.ts";
import { acceptInvitation, Organization } from "../../support/server/organization.ts";
import { locationOf, Person } from "../../support/server/person.ts";
import { expectStatus } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";
import { rowsThatName } from "../../support/workerd/stored-content.ts";

const world = localWorld();
const DELETE = "/account/data/delete";
const HOUR = 3_600;

async function erase(browser: BrowserLike, fields: Record<string, string> = { sure: "yes" }) {
  return browser.submit(expectStatus(await browser.open(DELETE), 200), DELETE, fields);
}

/** Connects an app that keeps things, and shares one of them. @returns the id of what is shared. */
async function share(browser: BrowserLike): Promise<string> {
  const app = await CodeApp.registerPublic(world);
  const path = await app.pushedPath({ scope: "uma_protection uma_policy" });
  const { access_token } = (await app.redeem(await app.allow(browser, path))).body;
  const bearer = String(access_token);
  const scan = await world.registerResource(bearer, { resource_scopes: ["view"], name: "Blood count" });
  const who = { claim: "email", equals: "roth@example.com" };
  await world.policy(bearer, { effect: "permit", target: { resources: [scan] }, scopes: ["view"], who });
  return scan;
}

async function settle(owner: string): Promise<void> {
  for (let time = 0; time < 5; time += 1) await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(owner));
}

describe("everything that is kept about a person", () => {
  it("comes as one file, with what they own as the owner API tells it", async () => {
    const ana = await Resident.settle("Ana Fischer");
    const browser = await ana.browse(world.site);
    const scan = await share(browser);
    const answer = expectStatus(await browser.open("/account/data/download"), 200);
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const data = JSON.parse(answer.text);
    expect(data).toMatchObject({
      account: { account_id: ana.account.id, owner_id: ana.ownerId, name: "Ana Fischer" },
      ways_in: { passkeys: [{ name: expect.any(String) }], addresses: [], linked_accounts: [] },
      sessions: [{ is_current: true }],
      acts_for: [],
      apps: [{ scopes: ["uma_protection", "uma_policy"] }],
      emails: { request_waiting: true, first_access: true, request_decided: true, week: false },
      resources: [{ resource_id: scan, name: "Blood count" }],
      policies: [{ policy: { target: { resources: [scan] } }, sentence: expect.stringContaining("roth@example.com") }],
      groups: [],
      grants: [],
      requests: [],
    });
    expect(data.activity.map(({ kind }: { kind: string }) => kind)).toContain("changed");
    expect(answer.text).not.toContain(ana.account.wrappedKey);
  });

  it("comes whole where it is more than a page of anything", async () => {
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const scan = await share(browser);
    const insert = `INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
      SELECT 'many-' || ?1 || '-' || value, ?1, resource_server_id, NULL, scopes, description, 0
      FROM resources, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 450) SELECT value FROM n)
      WHERE id = ?2`;
    await env.DB.prepare(insert).bind(ana.ownerId, scan).run();
    const data = JSON.parse((await browser.open("/account/data/download")).text);
    expect(data.resources).toHaveLength(451);
  });

  it("is given to nobody who has not proved a moment ago who they are", async () => {
    const ana = await Resident.settle();
    await env.DB.prepare("UPDATE accounts SET created_at = 0 WHERE id = ?").bind(ana.account.id).run();
    const browser = await ana.browse(world.site, epochSeconds() - HOUR);
    for (const path of ["/account/data/download", DELETE])
      expect(locationOf(expectStatus(await browser.open(path), 303))).toContain("/sign-in?continue=");
    expect((await browser.open("/account/data")).status).toBe(200);
  });
});

describe("a person who deletes their account", () => {
  it("is gone: nothing is shared, nothing signs in, and nothing of them is in any table", async () => {
    const person = new Person(world.site);
    await person.signUp("Ana Fischer");
    const ownerId = JSON.parse((await person.browser.open("/account/data/download")).text).account.owner_id;
    const accountId = JSON.parse((await person.browser.open("/account/data/download")).text).account.account_id;
    await share(person.browser);
    const told = expectStatus(await erase(person.browser), 303);
    expect(locationOf(told)).toBe(`/account/data/deleted?owner=${ownerId}`);
    expect(person.browser.cookie("__Host-session")).toBeUndefined();
    const page = expectStatus(await person.browser.open(locationOf(told)), 200);
    expect(page.text).toContain("Your account is deleted.");
    expect(await person.isIn()).toBe(false);
    expect((await person.signIn()).status).not.toBe(200);
    await settle(ownerId);
    expect(await rowsThatName(ownerId)).toEqual({ deletions: 1 });
    expect(await rowsThatName(accountId)).toEqual({});
    expect((await person.browser.open(locationOf(told))).text).toContain("Everything else was removed");
  });

  it("has to say that they know what it means", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    const back = expectStatus(await erase(browser, {}), 303);
    const page = await browser.open(locationOf(back));
    expect(page.text).toContain("Say that you know, or keep your account.");
    expect((await browser.open("/account")).status).toBe(200);
  });

  it("is told first whom else they decide for, and stays until somebody else does", async () => {
    const [clinic, ana] = [await Organization.found(world), await Resident.settle()];
    const browser = await ana.browse(world.site);
    const form = await browser.open(DELETE);
    await acceptInvitation(browser, await clinic.invite());
    const page = expectStatus(await browser.open(DELETE), 200);
    expect(page.text).toContain("One organisation has nobody but you.");
    expect(page.text).toContain("Lakeside Clinic");
    expect(page.text).not.toContain('name="sure"');
    expect(locationOf(await browser.submit(form, DELETE, { sure: "yes" }))).toBe(DELETE);
    expect((await browser.open("/account")).status).toBe(200);

    await clinic.member("Ben");
    expect(locationOf(await erase(browser))).toContain("/account/data/deleted");
    expect(await clinic.administrators()).not.toContain(ana.account.id);
    expect((await clinic.changes()).at(-1)).toMatchObject({ what: "ended", administrator_id: ana.account.id });
  });

  it("does not go together with the other one who decides for an organisation", async () => {
    const [clinic, ana, ben] = [await Organization.found(world), await Resident.settle(), await Resident.settle()];
    for (const one of [ana, ben]) await one.administer(clinic.id);
    const browsers = [await ana.browse(world.site), await ben.browse(world.site)];
    const answers = await Promise.all(browsers.map((browser) => erase(browser)));
    const gone = answers.filter((answer) => locationOf(answer).includes("/deleted"));
    expect(gone).toHaveLength(1);
    expect(await clinic.administrators()).toHaveLength(1);
  });

  it("is told that it is done though D1 could not be reached, and it is done once it can", async () => {
    const ana = await Resident.settle();
    const browser = await ana.browse(world.site);
    const down = vi.spyOn(D1OwnerErasure.prototype, "detach").mockRejectedValue(new Error("D1_ERROR: unreachable"));
    vi.spyOn(console, "error").mockReturnValue(undefined);
    const told = locationOf(await erase(browser));
    expect((await browser.open(told)).text).toContain("is being removed");
    down.mockRestore();
    await settle(ana.ownerId);
    expect(await rowsThatName(ana.account.id)).toEqual({});
    expect((await browser.open(told)).text).toContain("Everything else was removed");
  });

  it("can make another account with the same address, which begins empty", async () => {
    const ana = await Resident.settle();
    const address = `${ana.account.id.toLowerCase()}@example.com`;
    const insert = "INSERT INTO account_addresses (address, account_id, verified_at) VALUES (?, ?, 0)";
    await env.DB.prepare(insert).bind(address, ana.account.id).run();
    await erase(await ana.browse(world.site));
    expect(await rowsThatName(address)).toEqual({});
  });

  it.each(["nobody", "A".repeat(22)])("is nowhere to be read of by the id %s", async (owner) => {
    const browser = await (await Resident.settle()).browse(world.site);
    expect((await browser.open(`/account/data/deleted?owner=${owner}`)).status).toBe(404);
  });
});
