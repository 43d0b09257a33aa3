import { describe, expect, it } from "vitest";
import { newPerson, Organization } from "../../support/server/organization.ts";
import { locationOf } from "../../support/server/person.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";

const world = configuredWorld({ ISSUER: "https://usher.example" });

describe("the pages of an owner", () => {
  it("are found by whoever acts for them, each by its own address", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const own = locationOf(await ana.browser.open("/console"));
    expect(own).toMatch(/^\/console\/[\w-]+$/);
    const mine = await ana.browser.open(own);
    expect(mine.text).not.toContain("You act for");
    expect(mine.text).toContain("Lakeside Clinic");
    const theirs = await ana.browser.open(`/console/${clinic.id}`);
    expect(theirs.text).toContain("You act for");
  });

  it("are not there for anybody else, nor is one that there is not", async () => {
    const clinic = await Organization.found(world);
    const ben = await newPerson(world, "Ben");
    for (const owner of [clinic.id, "nobody", "%00", "a%2Fb"]) {
      expect((await ben.browser.open(`/console/${owner}`)).status, owner).toBe(404);
    }
  });

  it("end with the right to act for the owner", async () => {
    const clinic = await Organization.found(world);
    const [ana, ben] = [await clinic.member("Ana"), await clinic.member("Ben")];
    expect((await ben.browser.open(`/console/${clinic.id}`)).status).toBe(200);
    const [, id = ""] = await clinic.administrators();
    await world.admin("DELETE", `/owners/${clinic.id}/administrators/${id}`);
    const left = [ana, ben].map(async ({ browser }) => (await browser.open(`/console/${clinic.id}`)).status);
    expect((await Promise.all(left)).sort()).toEqual([200, 404]);
  });

  it("are for those who are signed in, who come back to them", async () => {
    const ana = await newPerson(world, "Ana");
    const own = locationOf(await ana.browser.open("/console"));
    await ana.signOut();
    const sent = await ana.browser.open(own);
    expect(locationOf(sent)).toContain("/sign-in?continue=");
    const path = locationOf(sent).slice(world.site.issuer.length);
    expect(locationOf(await ana.signIn(path))).toBe(own);
  });
});
