import { beforeEach, describe, expect, it } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { EmailPerson, freshAddress, lettersTo } from "../../support/server/letters.ts";
import { Organization } from "../../support/server/organization.ts";
import { locationOf } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { expectStatus, text } from "../../support/server/world.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
let scene: Scene;
let ana: Resident;
let browser: BrowserLike;
let things: string;

beforeEach(async () => {
  scene = await Scene.open(world);
  ana = await Resident.settle("Ana");
  await ana.administer(scene.cast.alice);
  browser = await ana.browse(world.site);
  things = `/console/${scene.cast.alice}/things`;
});

type Fields = Readonly<Record<string, string | readonly string[]>>;

async function open(thing: string, query = ""): Promise<Answer> {
  return expectStatus(await browser.open(`${things}/${thing}/share${query}`), 200);
}

function send(page: Answer, thing: string, fields: Fields): Promise<Answer> {
  return browser.submit(page, `${things}/${thing}/share`, fields);
}

/** Fills in the form. @returns what follows from it */
async function fill(thing: string, fields: Fields, query = ""): Promise<Answer> {
  return send(await open(thing, query), thing, { step: "review", ...fields });
}

/** Shares what the page tells. @returns the page of the thing */
async function save(review: Answer, thing: string): Promise<Answer> {
  const saved = await send(review, thing, { step: "save" });
  expect(saved.status).toBe(303);
  return browser.open(locationOf(saved).slice(world.site.issuer.length));
}

async function policies(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { items = [] } = (await scene.ask("GET", "/policies")).body;
  return items.map(({ policy_id, policy }) => ({ policy_id, ...Object(policy) }));
}

/** What is read on the page: its parts apart, and each sentence whole. */
function words({ text: html }: Answer): string {
  const [, main = ""] = html.split("<main");
  const sentences = main.replaceAll(/<\/?(?:bdi|span|time|a)\b[^>]*>/g, "");
  return sentences.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

const LEE = "lee@example.com";

describe("sharing a thing", () => {
  it("is one field and one choice, and says what follows before it is saved", async () => {
    const photo = await scene.resource(["view", "download"], { name: "Holiday" });
    const page = await open(photo);
    expect(page.text).toMatch(/name="act" value="view" checked/);
    expect(page.text).toMatch(/name="act" value="download"\/>/);
    const review = expectStatus(await send(page, photo, { step: "review", address: LEE, act: "view" }), 200);
    expect(words(review)).toContain(`This is what you share ${LEE} can view Holiday.`);
    expect(words(review)).toContain("This lets one more person in.");
    expect(await policies()).toEqual([]);
    const saved = await save(review, photo);
    expect(words(saved)).toContain("Shared.");
    expect(words(saved)).toContain(`${LEE} can see this.`);
    expect(await policies()).toMatchObject([
      {
        effect: "permit",
        target: { resources: [photo] },
        scopes: ["view"],
        who: { claim: "email", equals: LEE },
      },
    ]);
  });

  it("says everything that was chosen, in one ordinary policy", async () => {
    const photo = await scene.resource(["view", "download", "print"], { type: "photo" });
    const review = await fill(photo, {
      address: "  LEE@example.com ",
      act: ["view", "print"],
      until: "2099-06-30",
      asks_first: "yes",
      reach: "kind",
      agreement_title: "House rules",
      agreement_text: "Be kind.\nTell nobody.",
    });
    expect(words(review)).toMatch(
      /lee@example\.com can view and print everything of the kind photo, until 30 June 2099/,
    );
    expect(words(review)).toContain("after agreeing to House rules. You are asked each time.");
    await save(review, photo);
    const [made = {}] = await policies();
    expect(made).toMatchObject({
      target: { type: "photo" },
      scopes: ["view", "print"],
      who: { claim: "email", equals: LEE },
      terms: { approval: true, agreement: { title: "House rules", text: "Be kind.\nTell nobody." } },
    });
    expect(made.when).toEqual({ expires: expect.stringMatching(/^2099-06-30T\d\d:59:59Z$/) });
  });

  it("can be of several things at once, of everything, and of all that can be done", async () => {
    const [one, other] = [await scene.resource(["view"], { name: "One" }), await scene.resource(["edit"])];
    const page = await open(one, `?also=${other}`);
    expect(words(page)).toContain("Share 2 things");
    await save(await send(page, one, { step: "review", address: LEE, act: ["view", "edit"] }), one);
    await save(await fill(one, { address: LEE, every_act: "yes", reach: "everything" }), one);
    const targets = (await policies()).map(({ target, scopes }) => ({ target, scopes }));
    expect(targets).toContainEqual({ target: { resources: [one, other] }, scopes: ["view", "edit"] });
    expect(targets).toContainEqual({ target: { all: true }, scopes: "all" });
  });

  it("names no more of what can be done than a policy may", async () => {
    const part = (letter: string) => Array.from({ length: 60 }, (_, index) => `${letter}${index}`);
    const [one, other] = [await scene.resource(part("a")), await scene.resource(part("b"))];
    const filled = await fill(one, { address: LEE, act: [...part("a"), ...part("b")] }, `?also=${other}`);
    expect(filled.status).toBe(400);
    expect((await fill(one, { address: LEE, every_act: "yes" }, `?also=${other}`)).status).toBe(200);
  });

  it("is of those that were chosen in the list", async () => {
    const ids = await Promise.all(["One", "Two", "Three"].map((name) => scene.resource(["view"], { name })));
    const list = expectStatus(await browser.open(things), 200);
    for (const id of ids) expect(list.text).toContain(`name="thing" value="${id}"`);
    const [one = "", , three = ""] = ids;
    const console = things.replace(/\/things$/, "");
    const chosen = locationOf(await browser.open(`${console}/share?thing=${one}&thing=${three}&thing=..%2Fx`));
    expect(chosen).toBe(`${things}/${one}/share?also=${three}`);
    expect(words(await browser.open(chosen))).toContain("Share 2 things");
    expect(locationOf(await browser.open(`${console}/share`))).toBe(things);
  });

  it("can be with a group, an app or everybody", async () => {
    const photo = await scene.resource(["view"]);
    const members = [{ email: "a@example.com" }, { email: "b@example.com" }];
    const group = text(await scene.ask("POST", "/groups", { name: "Family", members }), "group_id");
    const review = await fill(photo, { act: "view", group }, "?with=group");
    expect(words(review)).toContain("Everybody in Family can view");
    expect(words(review)).toContain("This lets 2 more people in.");
    await save(review, photo);
    await scene.permit(photo, ["view"], { client: scene.cast.c1.id });
    const everybody = await fill(photo, { act: "view" }, "?with=everybody");
    expect(words(everybody)).toContain("Everybody can view");
    expect(words(everybody)).toContain("This lets in people whom nobody can count.");
    await save(everybody, photo);
    expect((await policies()).map(({ who }) => who)).toEqual(expect.arrayContaining([{ group }, { anyone: true }]));
  });

  it("offers the apps by which others are in, and none that only names itself", async () => {
    const photo = await scene.resource(["view"]);
    expect(words(await open(photo, "?with=app"))).toContain("Apps stand here once");
    await scene.permitAnyone();
    expectStatus(await scene.redeem(await scene.ticket(photo)), 200);
    const page = await open(photo, "?with=app");
    expect(words(page)).toContain("C1");
    await save(await send(page, photo, { step: "review", act: "view", app: scene.cast.c1.id }), photo);
    expect((await policies()).map(({ who }) => who)).toContainEqual({ client: scene.cast.c1.id });
  });

  it("speaks of what can be done in the app's own words", async () => {
    const scope = "https://api.example/scopes/order_copies";
    const photo = await scene.resource(["v1", scope], { scope_names: { v1: "look at" } });
    const page = words(await open(photo));
    expect(page).toContain("look at");
    expect(page).toContain("order copies");
    expect(page).not.toContain("https://api.example");
  });

  it("works where a thing has nothing particular that can be done with it", async () => {
    const photo = await scene.resource([]);
    expect(words(await open(photo))).toContain("There is only one thing that can be done with it: everything.");
    await save(await fill(photo, { address: LEE }), photo);
    expect(await policies()).toMatchObject([{ scopes: "all" }]);
  });

  it.each<[string, Fields, string, string]>([
    ["no address", { act: "view" }, "", "Enter an email address"],
    ["what is no address", { address: "lee", act: "view" }, "", "Enter an email address"],
    ["nothing that can be done", { address: LEE }, "", "Choose at least one."],
    ["what cannot be done", { address: LEE, act: "fly" }, "", "Choose at least one."],
    [
      "a day that is over",
      { address: LEE, act: "view", until: "2001-01-01" },
      "",
      "Enter a day that is still to come.",
    ],
    ["what is no day", { address: LEE, act: "view", until: "June" }, "", "Enter a day that is still to come."],
    [
      "terms without a name",
      { address: LEE, act: "view", agreement_text: "Be kind." },
      "",
      "Give it a name of one line",
    ],
    ["terms without words", { address: LEE, act: "view", agreement_title: "Rules" }, "", "Write what they agree to."],
  ])("says what is wrong with %s, and keeps what was filled in", async (_, fields, query, sentence) => {
    const photo = await scene.resource(["view", "download"]);
    const page = expectStatus(await fill(photo, { ...fields, asks_first: "yes" }, query), 400);
    expect(words(page)).toContain(sentence);
    expect(page.text).toMatch(/name="asks_first" value="yes" checked/);
    expect(await policies()).toEqual([]);
  });

  it("goes back from what follows to what was filled in", async () => {
    const photo = await scene.resource(["view", "download"]);
    const review = await fill(photo, { address: LEE, act: "download", until: "2099-06-30" });
    const page = expectStatus(await send(review, photo, { step: "edit" }), 200);
    expect(page.text).toMatch(new RegExp(`value="${LEE}"`));
    expect(page.text).toMatch(/value="download" checked/);
    expect(page.text).toMatch(/value="2099-06-30"/);
  });

  it("is for those who act for the owner of that thing", async () => {
    const [photo, other] = [await scene.resource(), await (await Scene.open(world)).resource()];
    expectStatus(await browser.open(`${things}/${other}/share`), 404);
    expectStatus(await browser.open(`${things}/${photo}/share?also=${other}`), 404);
    const ben = await (await Resident.settle("Ben")).browse(world.site);
    expectStatus(await ben.open(`${things}/${photo}/share`), 404);
    const page = await open(photo);
    expectStatus(await send(page, photo, { step: "review", with: "group", group: "../x", act: "view" }), 400);
    expectStatus(await send(page, photo, { step: "later", address: LEE, act: "view" }), 400);
  });

  it("makes one share of a form that is sent twice", async () => {
    const photo = await scene.resource(["view"]);
    const review = await fill(photo, { address: LEE, act: "view" });
    await save(review, photo);
    expect(words(await save(review, photo))).toContain("Shared.");
    expect(await policies()).toHaveLength(1);
  });
});

describe("what follows from a share", () => {
  it("is nothing where a rule of the kind allows it already", async () => {
    const photo = await scene.resource(["view"], { type: "photo", name: "Holiday" });
    await scene.permitAnyone({ target: { type: "photo" }, who: { claim: "email", domain: "example.com" } });
    const page = words(await fill(photo, { address: LEE, act: "view" }));
    expect(page).toContain("This changes nothing. It is allowed already:");
    expect(page).toContain(
      "Everybody with an address at example.com can do everything with everything of the kind photo.",
    );
  });

  it("is nothing for whom a deny keeps out, and says which", async () => {
    const photo = await scene.resource(["view"], { name: "Holiday" });
    await scene.deny(photo, { claim: "email", domain: "example.com" });
    const page = words(await fill(photo, { address: LEE, act: "view" }));
    expect(page).toContain("One person stays out all the same, because of this:");
    expect(page).toContain("Everybody with an address at example.com can never do everything with Holiday.");
  });

  it("names a collection that is shared as a whole", async () => {
    const album = await scene.resource(["view"], { name: "Summer" });
    const photo = await scene.resource(["view"], { collections: [album] });
    await scene.permit(album, ["view"], { claim: "email", equals: LEE });
    expect(words(await fill(photo, { address: LEE, act: "view" }))).toContain(`${LEE} can view Summer.`);
  });

  it("is nobody, where nobody is in the group yet", async () => {
    const photo = await scene.resource(["view"]);
    const group = text(await scene.ask("POST", "/groups", { name: "Family", members: [] }), "group_id");
    const page = words(await fill(photo, { group, act: "view" }, "?with=group"));
    expect(page).toContain("Nobody gets in yet, because nobody is in this group.");
  });
});

describe("what changes while the page is open", () => {
  it("is shown before anything is saved, and nothing that was filled in is lost", async () => {
    const photo = await scene.resource(["view"], { name: "Holiday" });
    const review = await fill(photo, { address: LEE, act: "view", until: "2099-06-30" });
    await scene.deny(photo, { claim: "email", domain: "example.com" });
    const conflict = expectStatus(await send(review, photo, { step: "save" }), 409);
    expect(words(conflict)).toContain("Something has changed while this page was open, so nothing was saved yet.");
    expect(words(conflict)).toContain(`${LEE} can view Holiday, until 30 June 2099`);
    expect(words(conflict)).toContain("One person stays out all the same");
    expect(await policies()).toHaveLength(1);
    await save(conflict, photo);
    expect(await policies()).toHaveLength(2);
  });

  it("may be that what can be done is no more, or the thing is gone", async () => {
    const photo = await scene.resource(["view", "download"]);
    const review = await fill(photo, { address: LEE, act: ["view", "download"] });
    await scene.rs1.update(photo, { resource_scopes: ["view"] });
    const conflict = expectStatus(await send(review, photo, { step: "save" }), 409);
    expect(words(conflict)).toMatch(/lee@example\.com can view something/);
    await scene.rs1.remove(photo);
    expectStatus(await send(conflict, photo, { step: "save" }), 404);
    expect(await policies()).toEqual([]);
  });
});

describe("a share that is changed", () => {
  async function shared() {
    const photo = await scene.resource(["view", "download"], { name: "Holiday" });
    const policy = await scene.permit(
      photo,
      ["view", "download"],
      { claim: "email", equals: LEE },
      {
        name: "Lee",
        terms: { signed_in_within: 3_600 },
      },
    );
    return { photo, policy, query: `?change=${policy}` };
  }

  it("keeps whom it is with and what it is about, and says who can do less", async () => {
    const { photo, policy, query } = await shared();
    const page = await open(photo, query);
    expect(words(page)).toContain(`What ${LEE} can do`);
    expect(page.text).not.toContain('name="address"');
    const review = await send(page, photo, { step: "review", act: "view", until: "2099-06-30" });
    expect(words(review)).toContain("One person can do less.");
    expect(words(await save(review, photo))).toContain("Saved.");
    expect(await policies()).toMatchObject([
      { policy_id: policy, name: "Lee", scopes: ["view"], terms: { signed_in_within: 3_600 }, who: { equals: LEE } },
    ]);
  });

  it("is not written over what somebody else made of it", async () => {
    const { photo, policy, query } = await shared();
    const review = await fill(photo, { act: "view" }, query);
    const theirs = {
      effect: "permit",
      target: { resources: [photo] },
      scopes: ["download"],
      who: { claim: "email", equals: LEE },
    };
    expectStatus(await scene.ask("PUT", `/policies/${policy}`, theirs), 200);
    const conflict = expectStatus(await send(review, photo, { step: "save" }), 409);
    expect(words(conflict)).toContain("In the meantime it was changed to this:");
    expect(words(conflict)).toContain(`${LEE} can download Holiday.`);
    expect(await policies()).toMatchObject([{ scopes: ["download"] }]);
    await save(conflict, photo);
    expect(await policies()).toMatchObject([{ scopes: ["view"] }]);
  });

  it("may be no share at all any more", async () => {
    const { photo, policy, query } = await shared();
    const review = await fill(photo, { act: "view" }, query);
    await scene.removePolicy(policy);
    const ended = "Somebody ended what you were changing, so nothing was saved.";
    for (const step of ["review", "save"]) {
      const told = await send(review, photo, { step });
      expect(told.status).toBe(303);
      expect(words(await browser.open(locationOf(told).slice(world.site.issuer.length)))).toContain(ended);
    }
    expect(locationOf(await browser.open(`${things}/${photo}/share${query}`))).toMatch(/error=gone$/);
    expect(await policies()).toEqual([]);
    const elaborate = await scene.permit(photo, ["view"], { claim: "role", equals: "doctor" });
    expectStatus(await browser.open(`${things}/${photo}/share?change=${elaborate}`), 404);
    const never = await scene.deny(photo);
    expectStatus(await browser.open(`${things}/${photo}/share?change=${never}`), 404);
    expectStatus(await browser.open(`${things}/${photo}/share?change=..%2F`), 404);
  });
});

describe("two administrators who change a share at once", () => {
  it("are told of each other: one saves, and the other looks again", async () => {
    const photo = await scene.resource(["view", "download"]);
    const policy = await scene.permit(photo, ["view", "download"], { claim: "email", equals: LEE });
    const ben = await Resident.settle("Ben");
    await ben.administer(scene.cast.alice);
    const path = `${things}/${photo}/share`;
    const reviews = await Promise.all(
      [browser, await ben.browse(world.site)].map(async (one, index) => {
        const form = await one.open(`${path}?change=${policy}`);
        const act = index === 0 ? "view" : "download";
        return { one, page: await one.submit(form, path, { step: "review", act }) };
      }),
    );
    const saved = await Promise.all(reviews.map(({ one, page }) => one.submit(page, path, { step: "save" })));
    expect(saved.map(({ status }) => status).sort()).toEqual([303, 409]);
    const winner = saved.findIndex(({ status }) => status === 303) === 0 ? "view" : "download";
    expect(await policies()).toMatchObject([{ scopes: [winner] }]);
  });
});

describe("a share that was just saved", () => {
  async function undo(page: Answer, thing: string): Promise<Answer> {
    const done = await browser.submit(page, `${things}/${thing}/share/undo`);
    expect(done.status).toBe(303);
    return browser.open(locationOf(done).slice(world.site.issuer.length));
  }

  it("can be undone", async () => {
    const photo = await scene.resource(["view"]);
    const page = await save(await fill(photo, { address: LEE, act: "view" }), photo);
    expect(words(await undo(page, photo))).toContain("Undone. It is as it was before.");
    expect(await policies()).toEqual([]);
    expect(words(await undo(page, photo))).toContain("so it was not undone");
  });

  it("is what it was before, where it was changed", async () => {
    const photo = await scene.resource(["view", "download"]);
    const policy = await scene.permit(photo, ["view"], { claim: "email", equals: LEE }, { name: "Lee" });
    const page = await save(await fill(photo, { act: "download" }, `?change=${policy}`), photo);
    expect(await policies()).toMatchObject([{ scopes: ["download"] }]);
    await undo(page, photo);
    expect(await policies()).toMatchObject([{ name: "Lee", scopes: ["view"] }]);
  });

  it("is not undone where somebody changed it since", async () => {
    const photo = await scene.resource(["view"]);
    const page = await save(await fill(photo, { address: LEE, act: "view" }), photo);
    const [made = {}] = await policies();
    const theirs = { effect: "permit", target: { resources: [photo] }, scopes: "all", who: { anyone: true } };
    await scene.ask("PUT", `/policies/${made.policy_id}`, theirs);
    expect(words(await undo(page, photo))).toContain("so it was not undone");
    expect(await policies()).toMatchObject([{ who: { anyone: true } }]);
  });

  it("is told to nobody else, and not by a link that somebody made up", async () => {
    const photo = await scene.resource(["view"]);
    const review = await fill(photo, { address: LEE, act: "view" });
    const location = locationOf(await send(review, photo, { step: "save" })).slice(world.site.issuer.length);
    const ben = await Resident.settle("Ben");
    await ben.administer(scene.cast.alice);
    const theirs = await (await ben.browse(world.site)).open(location);
    expect(words(theirs)).not.toContain("Shared.");
    const madeUp = await browser.open(`${things}/${photo}?saved=${"x".repeat(100)}`);
    expect(words(expectStatus(madeUp, 200))).not.toContain("Shared.");
  });
});

describe("somebody with whom something is shared", () => {
  it("is written to, whether they have an account or not, and nobody can tell which", async () => {
    const known = new EmailPerson(world.site);
    await known.settle("Dr. Roth");
    const unknown = freshAddress();
    const pages = [];
    for (const address of [known.address, unknown]) {
      const photo = await scene.resource(["view"], { name: "Blood count" });
      const review = await fill(photo, { address, act: "view" });
      expect(words(review)).toContain(`We write to ${address}. What you share waits`);
      const page = words(await save(review, photo));
      expect(page).toContain(`We have written to ${address}. What you share waits`);
      pages.push(page.replaceAll(address, "x"));
      const [letter] = (await lettersTo(world.site, address)).filter(({ subject }) => subject.includes("shares"));
      expect(letter?.subject).toBe("alice shares something with you");
      expect(letter?.text).toMatch(
        /^Somebody who calls themselves Ana shares something of alice with you at localhost:8787\./,
      );
      expect(letter?.text).toContain(`${world.site.issuer}/account/shared`);
      expect(letter?.text).not.toContain("Blood count");
    }
    expect(pages[0]).toBe(pages[1]);
  });

  it("can stop such letters, and whoever shares is told to tell them", async () => {
    const address = freshAddress();
    const photo = await scene.resource(["view"]);
    await save(await fill(photo, { address, act: "view" }), photo);
    const [letter] = await lettersTo(world.site, address);
    const path = letter?.text.match(/http\S+(\/notices\/stop\S+)/)?.[1] ?? "";
    const reader = new BrowserLike(world.site);
    const asked = expectStatus(await reader.open(path), 200);
    expect(asked.text).toContain("when somebody shares something with you");
    expect((await reader.submit(asked, "/notices/stop")).status).toBe(303);
    const other = await scene.resource(["view"]);
    const page = words(await save(await fill(other, { address, act: "view" }), other));
    expect(page).toContain("No letter was sent, so tell them yourself");
    expect(await lettersTo(world.site, address)).toHaveLength(1);
  });

  it("is not flooded: after some letters the page says to tell them oneself", async () => {
    const address = freshAddress();
    let page = "";
    for (let sent = 0; sent < 5; sent += 1) {
      const photo = await scene.resource(["view"]);
      page = words(await save(await fill(photo, { address, act: "view" }), photo));
    }
    expect(page).toContain("No letter was sent, so tell them yourself");
    expect(page).toContain(`${world.site.issuer}/account/shared`);
    expect((await lettersTo(world.site, address)).length).toBeLessThan(5);
  });

  it("is not written to where as many letters have gone as the operator allows, whoever brought them about", async () => {
    const few = configuredWorld({ MAILS_PER_HOUR: "10" });
    const photo = await scene.resource(["view"]);
    const path = `${things}/${photo}/share`;
    const told: string[] = [];
    for (let account = 0; account < 2; account += 1) {
      const sharer = await Resident.settle("Ben");
      await sharer.administer(scene.cast.alice);
      const theirs = await sharer.browse(few.site);
      for (let sent = 0; sent < 3; sent += 1) {
        const fields = { step: "review", address: freshAddress(), act: "view" };
        const page = await theirs.submit(await theirs.open(path), path, fields);
        const saved = await theirs.submit(page, path, { step: "save" });
        told.push(words(await theirs.open(locationOf(saved).slice(few.site.issuer.length))));
      }
    }
    expect(told[0]).toContain("We have written to");
    expect(told.at(-1)).toContain("No letter was sent, so tell them yourself");
  });

  it("is told by whoever shares, where the server sends no letters", async () => {
    const silent = configuredWorld({ ISSUER: "https://usher.example" });
    const { cast, rs1 } = await Scene.open(silent);
    const { browser: quiet } = await new Organization(silent, cast.alice).member("Ana");
    const path = `/console/${cast.alice}/things/${await rs1.register("view")}/share`;
    const page = await quiet.submit(await quiet.open(path), path, { step: "review", address: LEE, act: "view" });
    expect(words(page)).toContain("No letter can be sent from here, so tell them yourself.");
    const saved = await quiet.submit(page, path, { step: "save" });
    const told = await quiet.open(locationOf(saved).slice(silent.site.issuer.length));
    expect(words(told)).toContain("https://usher.example/account/shared");
  });

  it("hears in the words of whoever shares", async () => {
    const german = await ana.browse(world.site);
    const photo = await scene.resource(["view"]);
    const path = `${things}/${photo}/share`;
    const headers = { "Accept-Language": "de", Origin: world.site.issuer };
    const address = freshAddress();
    const [, csrf = ""] = (await german.open(path)).text.match(/name="csrf" value="([^"]*)"/) ?? [];
    const form = { csrf, with: "person", address, act: "view", step: "review" };
    const review = await german.request("POST", path, { form, headers });
    expect(review.text).toContain("ansehen");
    const hidden = ["seen", "key"].map((name) => [
      name,
      review.text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? "",
    ]);
    const saving = { ...form, ...Object.fromEntries(hidden), step: "save" };
    expect((await german.request("POST", path, { form: saving, headers })).status).toBe(303);
    expect((await lettersTo(world.site, address))[0]?.subject).toBe("alice teilt etwas mit Ihnen");
  });
});
