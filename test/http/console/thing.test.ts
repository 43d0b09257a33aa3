import { beforeEach, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { wordsOf } from "../../support/server/page-words.ts";
import { locationOf } from "../../support/server/person.ts";
import { BOB, Scene } from "../../support/server/scene.ts";
import { expectStatus, text } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
let scene: Scene;
let browser: BrowserLike;
let things: string;

beforeEach(async () => {
  scene = await Scene.open(world);
  const ana = await Resident.settle("Ana");
  await ana.administer(scene.cast.alice);
  browser = await ana.browse(world.site);
  things = `/console/${scene.cast.alice}/things`;
});

async function see(thing: string): Promise<Answer> {
  return expectStatus(await browser.open(`${things}/${thing}`), 200);
}

/** Presses the button of the share that speaks of somebody. */
async function end(page: Answer, thing: string, about: string): Promise<Answer> {
  const [, ...rows] = page.text.split('<li class="row">');
  const row = rows.find((one) => one.includes(about));
  if (row === undefined) throw new Error(`nothing is shown about ${about}`);
  const sent = await browser.submit({ ...page, text: row }, `${things}/${thing}/end`);
  expect(sent.status).toBe(303);
  return browser.open(locationOf(sent).slice(world.site.issuer.length));
}

describe("the page of a thing", () => {
  it("says in a sentence that nobody can see it", async () => {
    const photo = await scene.resource(["view"], { name: "Holiday" });
    const page = await see(photo);
    expect(wordsOf(page)).toContain("Holiday Nobody but those who act for alice can see this. Kept by RS1");
    expect(page.text).not.toContain("<h2>");
  });

  it("names everybody who can, whatever made it so", async () => {
    const photo = await scene.resource(["view", "print"], { name: "Holiday", type: "photo" });
    const group = text(
      await scene.ask("POST", "/groups", { name: "Family", members: [{ email: "cleo@example.com" }] }),
      "group_id",
    );
    await scene.permit(photo, ["view"], BOB, { when: { expires: "2099-06-30T12:00:00Z" } });
    await scene.permit(photo, "all", { group });
    await scene.permitAnyone({ target: { type: "photo" }, who: { client: scene.cast.c1.id } });
    const page = wordsOf(await see(photo));
    expect(page).toContain("bob@example.com");
    expect(page).toMatch(/Can view until 30 June 2099/);
    expect(page).toContain("The group Family1 person");
    expect(page).toContain("Can do everything with it");
    expect(page).toContain("Whoever uses the app C1");
    expect(page).toContain("Because you share everything of the kind photo");
    expect(page).toMatch(/Shared since today/);
  });

  it("counts those who are many", async () => {
    const photo = await scene.resource();
    const one_of = ["a", "b", "c", "d", "e"].map((name) => `${name}@example.com`);
    await scene.permit(photo, ["view"], { claim: "email", one_of });
    expect(wordsOf(await see(photo))).toContain(
      "a@example.com, b@example.com, c@example.com, and 2 more can see this.",
    );
  });

  it("lists as many as can be looked through, and finds the others by name, address or domain", async () => {
    const photo = await scene.resource();
    const one_of = Array.from({ length: 40 }, (_, index) => `guest-${index + 10}@example.com`);
    await scene.permit(photo, ["view"], { claim: "email", one_of });
    await scene.permit(photo, ["view"], { claim: "email", domain: "lakeside.example" });
    await scene.deny(photo, { claim: "email", equals: "mallory@example.com" });
    const rowsOf = async (query: string) => {
      const page = expectStatus(await browser.open(`${things}/${photo}${query}`), 200);
      expect(wordsOf(page)).toContain("and 38 more can see this.");
      return { page, rows: page.text.split('<li class="row">').slice(1) };
    };
    const first = await rowsOf("");
    const next = first.page.text.match(/\/things\/[^"?]+(\?from=\d+)"/)?.[1] ?? "";
    const second = await rowsOf(next);
    expect([first.rows.length, second.rows.length]).toEqual([25, 17]);
    expect(second.page.text).not.toMatch(/<a [^>]*\?from=/);
    expect(wordsOf(second.page)).toMatch(/Who is kept out .*mallory@example\.com/);
    for (const [sought, found] of [
      ["GUEST-41", "guest-41@example.com"],
      ["mallory", "mallory@example.com"],
      ["Dr.Roth@Lakeside.example", "lakeside.example"],
    ] as const) {
      const { rows } = await rowsOf(`?q=${encodeURIComponent(sought)}`);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(found);
    }
    const { rows, page } = await rowsOf("?q=nobody%20like%20that&from=x");
    expect(rows).toEqual([]);
    expect(wordsOf(page)).toContain("Nobody here is called that.");
  });

  it.each([
    ["Anybody can see this.", {}],
    [
      "Anybody can see this who agrees to what you ask.",
      { terms: { agreement: { title: "Rules", text: "Be kind." } } },
    ],
    ["Nobody can see this before you have said yes to them.", { terms: { approval: true } }],
    ["Nobody but those who act for alice can see this.", { when: { expires: "2001-01-01T00:00:00Z" } }],
  ])("says: %s", async (sentence, more) => {
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { anyone: true }, more);
    expect(wordsOf(await see(photo))).toContain(sentence);
  });

  it("tells who is kept out", async () => {
    const photo = await scene.resource();
    await scene.deny(photo, BOB);
    const page = wordsOf(await see(photo));
    expect(page).toContain("Who is kept out");
    expect(page).toContain("Can do nothing with it, whatever else you allow");
  });

  it("tells when it was used last", async () => {
    const photo = await scene.sharedPhoto();
    expect(wordsOf(await see(photo))).toContain("not used yet");
    await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    expect(wordsOf(await see(photo))).toMatch(/last used today at \d/);
  });

  it("tells who has it open by a share that names nobody", async () => {
    const photo = await scene.resource(["view"]);
    await scene.permit(photo, ["view"], { claim: "email", domain: "example.com" });
    await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    expect(wordsOf(await see(photo))).toMatch(/last used today at .* 1 has it open at present bob@example.com with C1/);
  });

  it("is whole for a thing with which nothing in particular can be done, and beside one", async () => {
    const bare = await scene.resource([], { name: "Bare" });
    await scene.permit(bare, "all");
    expect(wordsOf(await see(bare))).toContain("bob@example.com can see this.");
  });

  it("says nothing of the protocol, and no identifier of ours", async () => {
    const photo = await scene.resource(["https://photos.example/scopes/full_view"]);
    await scene.permit(photo, ["https://photos.example/scopes/full_view"], {
      all: [{ claim: "sub", issuer: scene.cast.provider.issuer, equals: "bob-7" }, { client: scene.cast.c1.id }],
    });
    const page = await see(photo);
    expect(wordsOf(page)).toContain("Can full view Through C1");
    expect(wordsOf(page)).toContain("Somebody whom");
    expect(wordsOf(page)).not.toMatch(/scope|resource|polic|photos\.example|bob-7/i);
  });

  it("names people by what is known of them, once they came", async () => {
    const photo = await scene.sharedPhoto();
    const { issuer } = scene.cast.provider;
    await scene.permit(photo, ["print"], { claim: "sub", issuer, equals: "bob" });
    expect(wordsOf(await see(photo))).toContain(`Somebody whom ${new URL(issuer).host} knows`);
    const idToken = await scene.bob({ sub: "bob", name: "Bob Roth" });
    await scene.redeem(await scene.ticket(photo), { idToken });
    const page = await see(photo);
    expect(page.text.match(/class="name">Bob Roth</g)).toHaveLength(3);
    expect(wordsOf(page)).not.toContain("Somebody whom");
  });

  it("calls what can be done as its app does", async () => {
    const photo = await scene.resource(["s1", "s2"], { scope_names: { s1: "look at it" } });
    await scene.permit(photo, ["s1", "s2"]);
    expect(wordsOf(await see(photo))).toContain("Can look at it and s2");
  });

  it("tells of what it is in, and what is in it", async () => {
    const album = await scene.resource(["view"], { name: "Summer" });
    const photo = await scene.resource(["view"], { collections: [album] });
    await scene.permit(album, ["view"]);
    const page = await see(photo);
    expect(wordsOf(page)).toContain("Because it is in Summer, which you share");
    expect(wordsOf(await see(album))).toContain("What is in it, and shared with it");
    expect(wordsOf(await end(page, photo, "bob@example.com"))).not.toContain("bob@example.com");
    expect(wordsOf(await see(album))).not.toContain("bob@example.com");
  });

  it("says whole what is more than a list of people", async () => {
    const photo = await scene.resource(["view"]);
    await scene.permit(photo, ["view"], { all: [BOB, { not: { client: scene.cast.c1.id } }] });
    expect(wordsOf(await see(photo))).toMatch(/Everybody whose email address is bob@example.com .*C1/);
  });

  it("is not there for anybody else", async () => {
    const photo = await scene.resource();
    const mallory = await Resident.settle("Mallory");
    const theirs = await mallory.browse(world.site);
    expect((await theirs.open(`${things}/${photo}`)).status).toBe(404);
    expect((await theirs.open(`/console/${mallory.ownerId}/things/${photo}`)).status).toBe(404);
    expect((await browser.open(`${things}/nothing`)).status).toBe(404);
  });

  it("costs two looks at D1 and one at the ledger, and one more to name apps", async () => {
    const photo = await scene.sharedPhoto();
    expect(await countHops(() => see(photo))).toEqual(["d1", "d1", "ledger"]);
    await scene.permitAnyone({ who: { client: scene.cast.c1.id } });
    expect(await countHops(() => see(photo))).toEqual(["d1", "d1", "ledger", "d1"]);
  });
});

describe("an end that is put to a share", () => {
  it("takes effect at once, on the page and on whoever is in", async () => {
    const photo = await scene.sharedPhoto();
    const { body } = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    const page = await end(await see(photo), photo, "bob@example.com");
    expect(wordsOf(page)).toContain("Ended. Whoever had it open is locked out from now on.");
    expect(wordsOf(page)).toContain("Nobody but those who act for alice can see this.");
    expect(wordsOf(page)).not.toContain("bob@example.com");
    expect(await scene.introspect(body.access_token)).toEqual({ active: false });
    const again = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    expect(again.status).toBe(403);
  });

  it("leaves the others what they have, on this thing and on others", async () => {
    const [photo, other] = [await scene.resource(["view"]), await scene.resource(["view"])];
    const target = { resources: [photo, other] };
    const who = { claim: "email", one_of: ["bob@example.com", "cleo@example.com"] };
    await world.policy(scene.tool, { effect: "permit", target, scopes: ["view"], who });
    const page = wordsOf(await end(await see(photo), photo, "bob@example.com"));
    expect(page).toContain("cleo@example.com can see this.");
    expect(page).not.toContain("bob@example.com");
    expect(wordsOf(await see(other))).toContain("bob@example.com and cleo@example.com can see this.");
  });

  it("that was shared with several things ends for this one alone", async () => {
    const [photo, other] = [await scene.resource(["view"]), await scene.resource(["view"])];
    const target = { resources: [photo, other] };
    await world.policy(scene.tool, { effect: "permit", target, scopes: ["view"], who: BOB });
    expect(wordsOf(await see(photo))).toContain("You share 1 other thing in the same way");
    expect(wordsOf(await end(await see(photo), photo, "bob@example.com"))).not.toContain("bob@example.com");
    expect(wordsOf(await see(other))).toContain("bob@example.com can see this.");
  });

  it("is not undone by another that comes at the same moment", async () => {
    const [photo, other] = [await scene.resource(), await scene.resource()];
    const one_of = ["bob@example.com", "cleo@example.com"];
    await scene.permitAnyone({ target: { resources: [photo, other] }, who: { claim: "email", one_of } });
    const page = await see(photo);
    const [, ...rows] = page.text.split('<li class="row">');
    const answers = await Promise.all(
      one_of.map(async (address) => {
        const row = rows.find((one) => one.includes(address)) ?? "";
        const sent = await browser.submit({ ...page, text: row }, `${things}/${photo}/end`);
        return { address, isEnded: locationOf(sent).includes("notice=ended") };
      }),
    );
    const ended = answers.filter(({ isEnded }) => isEnded).map(({ address }) => address);
    expect(ended.length).toBeGreaterThan(0);
    const left = wordsOf(await see(photo));
    for (const address of one_of) expect(left.includes(address)).toBe(!ended.includes(address));
  });

  it("for a kind of things ends for all of them, and says so before", async () => {
    const photo = await scene.resource(["view"], { type: "photo" });
    await scene.permitAnyone({ target: { type: "photo" }, who: BOB });
    const page = await see(photo);
    expect(wordsOf(page)).toContain("End for all of this kind");
    expect(wordsOf(await end(page, photo, "bob@example.com"))).not.toContain("bob@example.com");
  });

  it("ends nothing where it was changed meanwhile, and shows how it stands", async () => {
    const photo = await scene.resource();
    const policy = await scene.permit(photo, ["view"]);
    const page = await see(photo);
    const target = { resources: [photo] };
    await scene.ask("PUT", `/policies/${policy}`, { effect: "permit", target, scopes: ["view", "print"], who: BOB });
    const after = wordsOf(await end(page, photo, "bob@example.com"));
    expect(after).toContain("Somebody changed this while you were looking");
    expect(after).toContain("Can view and print");
  });

  it("finds done what another did before", async () => {
    const photo = await scene.resource();
    const policy = await scene.permit(photo, ["view"]);
    const page = await see(photo);
    await scene.removePolicy(policy);
    expect(wordsOf(await end(page, photo, "bob@example.com"))).toContain("Nobody but those who act for alice");
  });

  it("takes no form that says nothing", async () => {
    const photo = await scene.sharedPhoto();
    const page = await see(photo);
    for (const fields of [{ version: "x" }, { place: "-1" }, { policy: "" }]) {
      expect((await browser.submit(page, `${things}/${photo}/end`, fields)).status).toBeLessThan(500);
    }
    expect(wordsOf(await see(photo))).toContain("bob@example.com can see this.");
  });
});
