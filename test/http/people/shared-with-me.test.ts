import { beforeAll, describe, expect, it } from "vitest";
import { locationOf, Person } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { expectStatus, text } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { freshMail, Visitor } from "../../support/workerd/visitor.ts";

const world = localWorld();
const NOTHING = "Nobody shares anything with you yet.";
let clinic: Scene;
beforeAll(async () => {
  clinic = await Scene.open(world, { client_name: "Records", client_uri: "https://records.example/home" });
});

async function shown(visitor: Visitor): Promise<string> {
  return expectStatus(await visitor.browser.open("/account/shared"), 200).text;
}

/** A thing of the clinic's with a name that nothing else has. */
async function thing(more: object = {}): Promise<{ readonly id: string; readonly name: string }> {
  const name = `Scan ${crypto.randomUUID()}`;
  return { id: await clinic.resource(["view", "print"], { name, ...more }), name };
}

const byAddress = (address: string) => ({ claim: "email", equals: address });

describe("what others share with somebody", () => {
  it("is nothing at first, and then what names one of their verified addresses", async () => {
    const roth = await Visitor.arrive(world);
    expect(await shown(roth)).toContain(NOTHING);
    const scan = await thing();
    await clinic.permit(scan.id, ["view"], byAddress(roth.address.toUpperCase()), {
      when: { expires: "2090-06-30T00:00:00Z" },
    });
    const page = await shown(roth);
    expect(page).toContain(scan.name);
    expect(page).toContain("2090");
    expect(page).toMatch(/You can: .*view.*\./);
    expect(page).not.toContain("print");
    expect(page).toContain('href="https://records.example/home"');
  });

  it("is what names their account, and what a group shares that they are in", async () => {
    const roth = await Visitor.arrive(world);
    const [one, two] = [await thing(), await thing()];
    const sub = { claim: "sub", issuer: world.site.issuer, equals: await roth.accountId() };
    await clinic.permit(one.id, "all", { all: [sub, { client: clinic.cast.c1.id }] });
    const group = { name: "Doctors", members: [{ email: roth.address }] };
    const id = text(await clinic.ask("POST", "/groups?accept=warnings", group), "group_id");
    await clinic.permit(two.id, ["view"], { group: id });
    const page = await shown(roth);
    expect(page).toContain(one.name);
    expect(page).toContain(two.name);
    await clinic.ask("PUT", `/groups/${id}`, { ...group, members: [] });
    expect(await shown(roth)).not.toContain(two.name);
  });

  it("is everything of a kind, of which some is shown", async () => {
    const roth = await Visitor.arrive(world);
    const type = `kind-${crypto.randomUUID()}`;
    const scans = await Promise.all(Array.from({ length: 7 }, () => thing({ type })));
    await clinic.permit(scans[0]?.id ?? "", ["view"], byAddress(roth.address), { target: { type } });
    const page = await shown(roth);
    expect(scans.filter(({ name }) => page.includes(name))).toHaveLength(5);
    expect(page).toContain("shares more of the same with you.");
  });

  it("says where something is still asked", async () => {
    const roth = await Visitor.arrive(world);
    const scan = await thing();
    await clinic.permit(scan.id, ["view"], byAddress(roth.address), { terms: { approval: true } });
    expect(await shown(roth)).toContain("Something is still asked when you open it.");
  });

  it.each<[string, (address: string, id: string) => Promise<unknown>]>([
    ["names somebody else", (_, id) => clinic.permit(id, ["view"], byAddress(freshMail()))],
    [
      "is over",
      (address, id) => clinic.permit(id, ["view"], byAddress(address), { when: { expires: "2020-01-01T00:00:00Z" } }),
    ],
    ["is withdrawn", async (address, id) => clinic.removePolicy(await clinic.permit(id, ["view"], byAddress(address)))],
    [
      "lets in everybody but them",
      (address, id) => clinic.permit(id, ["view"], { all: [{ anyone: true }, { not: byAddress(address) }] }),
    ],
    [
      "something else keeps them from",
      async (address, id) => {
        await clinic.permit(id, ["view"], byAddress(address));
        await clinic.deny(id, { claim: "email", exists: true });
      },
    ],
    ["is a deny", (address, id) => clinic.deny(id, byAddress(address))],
  ])("is not what %s", async (_, write) => {
    const roth = await Visitor.arrive(world);
    const scan = await thing();
    await write(roth.address, scan.id);
    expect(await shown(roth)).not.toContain(scan.name);
  });

  it("is paged", async () => {
    const roth = await Visitor.arrive(world);
    const scans = await Promise.all(Array.from({ length: 21 }, () => thing()));
    for (const { id } of scans) await clinic.permit(id, ["view"], byAddress(roth.address));
    const first = await shown(roth);
    const next = first.match(/href="(\/account\/shared\?cursor=[^"]+)"/)?.[1] ?? "";
    const second = expectStatus(await roth.browser.open(next), 200).text;
    const pages = scans.map(({ name }) => [first, second].filter((page) => page.includes(name)).length);
    expect(pages).toEqual(scans.map(() => 1));
    expect(second).not.toContain(">Show more<");
    expect((await roth.browser.open("/account/shared?cursor=%00")).status).toBe(400);
  });

  it("is for those who are signed in", async () => {
    const answer = await new Person(world.site).browser.open("/account/shared");
    expect(locationOf(answer)).toContain("/sign-in?continue=");
  });

  it("costs one look for who is there and what names them, one for what that is about, and one for each owner", async () => {
    const roth = await Visitor.arrive(world);
    const scan = await thing();
    await clinic.permit(scan.id, ["view"], byAddress(roth.address));
    await shown(roth);
    expect(await countHops(() => roth.browser.open("/account/shared"))).toEqual(["d1", "d1", "d1", "d1", "d1"]);
  });
});
