import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { D1ConsoleVisitStore } from "../../../src/storage/d1/console-visits.ts";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { wordsOf } from "../../support/server/page-words.ts";
import { BOB, REQUEST_SUBMITTED, Scene } from "../../support/server/scene.ts";
import { expectStatus, text } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const now = () => Math.floor(Date.now() / 1_000);
let scene: Scene;
let ana: Resident;
let browser: BrowserLike;

beforeEach(async () => {
  scene = await Scene.open(world);
  ana = await Resident.settle("Ana");
  await ana.administer(scene.cast.alice);
  browser = await ana.browse(world.site);
});

const open = async (): Promise<Answer> => expectStatus(await browser.open(`/console/${scene.cast.alice}`), 200);

/** Somebody was here, so long ago in seconds. */
async function wasHere(ago: number, ownerId = scene.cast.alice): Promise<void> {
  const actor = { ownerId, accountId: ana.account.id, now: now() - ago };
  await new D1ConsoleVisitStore(env.DB).note(actor);
}

describe("the home of whoever acts for an owner", () => {
  it("has the things, and how to get some where there are none", async () => {
    expect(wordsOf(await open())).toContain("What apps keep for you appears here");
    const photo = await scene.resource(["view"], { name: "Holiday" });
    const page = await open();
    expect(page.text).toContain(`href="/console/${scene.cast.alice}/things/${photo}"`);
    expect(wordsOf(page)).toContain("What belongs to alice HolidayRS1");
    expect(wordsOf(page)).not.toContain("All things");
  });

  it("has the first of many things, and the way to all of them", async () => {
    await Promise.all(Array.from({ length: 11 }, () => scene.resource(["view"])));
    const page = await open();
    expect(page.text.match(/class="row" href/g)).toHaveLength(10);
    expect(page.text).toContain(`<a href="/console/${scene.cast.alice}/things">All things</a>`);
  });

  it("has what waits, with the decision right there", async () => {
    expect(wordsOf(await open())).toContain("Nobody waits for you.");
    const photo = await scene.resource(["view"], { name: "Holiday" });
    await scene.permit(photo, ["view"], BOB, { terms: { approval: true } });
    const submitted = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    expect(submitted).toMatchObject(REQUEST_SUBMITTED);
    const page = await open();
    expect(wordsOf(page)).toContain("One person waits for you. bob@example.com asks to view Holiday.");
    const [, action = ""] = page.text.match(/action="([^"]*\/decision)"/) ?? [];
    expect((await browser.submit(page, action, { decision: "approve" })).status).toBe(303);
    expect(wordsOf(await open())).toContain("Nobody waits for you.");
    expect((await scene.redeem(text(submitted, "ticket"))).status).toBe(200);
  });

  it("has the first of many who wait, and the way to all of them", async () => {
    const photo = await scene.resource(["view"]);
    await scene.permit(photo, ["view"], { claim: "email", domain: "example.com" }, { terms: { approval: true } });
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      const idToken = await scene.bob({ sub: name, email: `${name}@example.com` });
      await scene.redeem(await scene.ticket(photo), { idToken });
    }
    const page = await open();
    expect(page.text.match(/value="approve"/g)).toHaveLength(5);
    expect(wordsOf(page)).toContain("These wait for you.");
    expect(page.text).toContain(`<a href="/console/${scene.cast.alice}/requests">All that waits</a>`);
  });

  it("tells no news to whoever comes for the first time, nor again within the visit", async () => {
    expect(wordsOf(await open())).not.toContain("Since you were last here");
    await scene.permitAnyone();
    expect(wordsOf(await open())).not.toContain("Since you were last here");
  });

  it("tells what happened since somebody was last here, until they have been away", async () => {
    await wasHere(7_200);
    await scene.permitAnyone({ name: "Open house" });
    for (const _look of ["first", "second"]) {
      const page = wordsOf(await open());
      expect(page).toMatch(/Since you were last here, (?:today|yesterday) at \d/);
      expect(page).toContain("What you share under Open house was changed.");
      expect(page).toContain("By alice&#39;s tool");
    }
  });

  it("counts a few and leads to the rest", async () => {
    await wasHere(7_200);
    for (const name of ["a", "b", "c", "d", "e", "f"]) await scene.permitAnyone({ name });
    const page = await open();
    expect(page.text.match(/was changed/g)).toHaveLength(5);
    expect(page.text).toContain(`<a href="/console/${scene.cast.alice}/activity">All that happened</a>`);
  });

  it("says where nothing happened", async () => {
    await wasHere(7_200, ana.ownerId);
    const page = wordsOf(await browser.open(`/console/${ana.ownerId}`));
    expect(page).toMatch(/Since you were last here, .*Nothing has happened since then/);
    expect(page).toContain("Your things");
  });

  it("costs as much whatever there is", async () => {
    const few = await countHops(open);
    expect(few).toEqual(["d1", "ledger", "d1", "ledger", "d1", "d1"]);
    await Promise.all(Array.from({ length: 11 }, () => scene.sharedPhoto()));
    expect(await countHops(open)).toEqual(few);
  });
});
