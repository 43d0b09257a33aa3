import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../support/server/http-site.ts";
import { Organization } from "../../support/server/organization.ts";
import { locationOf, type Person } from "../../support/server/person.ts";
import { expectStatus } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
let clinic: Organization;
let ana: Person;
let groups: string;
beforeAll(async () => {
  clinic = await Organization.found(world);
  ana = await clinic.member("Ana");
  groups = `/console/${clinic.id}/groups`;
});

/** A form that is sent from a page, and the page that it leads to. */
async function send(page: Answer, action: string, fields: Record<string, string> = {}): Promise<Answer> {
  const answer = await ana.browser.submit(page, action, fields);
  return answer.status === 303 ? ana.browser.open(pathOf(answer)) : answer;
}

function pathOf(answer: Answer): string {
  return locationOf(answer).replace(world.site.issuer, "");
}

/** A new group. @returns its page and its path. */
async function newGroup(name: string): Promise<{ page: Answer; path: string }> {
  const made = await ana.browser.submit(await ana.browser.open(groups), groups, { name });
  const path = pathOf(made);
  return { page: expectStatus(await ana.browser.open(path), 200), path };
}

describe("groups of an owner", () => {
  it("are made with a name, once by one form, and listed", async () => {
    const form = await ana.browser.open(groups);
    const made = [1, 2].map(() => ana.browser.submit(form, groups, { name: "Surgeons" }));
    const [first, second] = (await Promise.all(made)).map(pathOf);
    expect(first).toMatch(new RegExp(`^${groups}/[\\w-]+$`));
    expect(second).toBe(first);
    const { text } = await ana.browser.open(groups);
    expect(text.split("Surgeons")).toHaveLength(2);
    expect(text).toContain("Nobody is in it");
  });

  it.each(["", " ", "x".repeat(300)])("are not made with the name %j", async (name) => {
    const answer = await ana.browser.submit(await ana.browser.open(groups), groups, { name });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Enter a name of at most");
  });

  it("take people by their addresses, and let them go", async () => {
    const { page, path } = await newGroup("Family");
    const added = await send(page, `${path}/add`, { address: "Bea@Example.org" });
    expect(added.text).toContain("They are in the group now.");
    expect(added.text).toContain("bea@example.org");
    const again = await send(added, `${path}/add`, { address: "bea@EXAMPLE.org" });
    expect(again.text).toContain("They were in the group already.");
    expect(again.text).toContain("One person is in this group");
    const removed = await send(again, `${path}/remove`);
    expect(removed.text).toContain("They are not in the group any more");
    expect(removed.text).toContain("Nobody is in this group");
  });

  it("take nobody by what is no address", async () => {
    const { page, path } = await newGroup("Family");
    const answer = await send(page, `${path}/add`, { address: "bea at example" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Enter an email address");
    expect(answer.text).toContain('value="bea at example"');
  });

  it("keep what several people add at once", async () => {
    const { page, path } = await newGroup("Busy");
    const names = ["a", "b", "c"].map((name) => `${name}@example.org`);
    await Promise.all(names.map((address) => ana.browser.submit(page, `${path}/add`, { address })));
    const { text } = await ana.browser.open(path);
    for (const name of names) expect(text).toContain(name);
  });

  it("are called otherwise, and deleted", async () => {
    const { page, path } = await newGroup("Fmily");
    const renamed = await send(page, `${path}/rename`, { name: "Family of Ana" });
    expect(renamed.text).toContain("<bdi>Family of Ana</bdi>");
    const after = await send(renamed, `${path}/delete`);
    expect(after.text).toContain("The group is deleted.");
    expect(after.text).not.toContain("Family of Ana");
    expect((await ana.browser.open(path)).status).toBe(404);
  });

  it("say what goes by them, and stay while something does", async () => {
    const tool = await clinic.connectTool();
    const { page, path } = await newGroup("Nurses");
    const group = path.slice(path.lastIndexOf("/") + 1);
    const policy = { effect: "permit", target: { type: "scan" }, scopes: ["view"], who: { group } };
    await world.policy(tool, policy);
    const shown = await ana.browser.open(path);
    expect(shown.text).toMatch(/Everybody in .*Nurses/);
    expect(shown.text).toContain("End what it is used for first");
    const refused = await ana.browser.submit(page, `${path}/delete`);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("This group is still used.");
    expect((await ana.browser.open(groups)).text).toContain("used once");
  });

  it("are nobody else's", async () => {
    const { path } = await newGroup("Ours");
    const other = await Organization.found(world);
    const eve = await other.member("Eve");
    expect((await eve.browser.open(path)).status).toBe(404);
    expect((await eve.browser.open(path.replace(clinic.id, other.id))).status).toBe(404);
  });

  it("cost one look for who is there, one for the group, and one for whether its members can be proved", async () => {
    const { path } = await newGroup("Cheap");
    expect(await countHops(() => ana.browser.open(groups))).toEqual(["d1", "d1"]);
    expect(await countHops(() => ana.browser.open(path))).toEqual(["d1", "d1", "d1"]);
  });
});
