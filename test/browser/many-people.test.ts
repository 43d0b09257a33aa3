import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { CountedHands } from "../support/browser/counted-hands.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import { type Person, VIEWPORTS } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { joinAs } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { withViewport } from "../support/browser/surroundings.ts";
import { Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { text, World } from "../support/server/world.ts";

const { layout, thing, things } = en;
/** Of the page itself; what it loads besides is the same on all of them. */
const MAX_MARKUP_BYTES = 15 * 1_024;

const guest = (number: number) => `guest-${String(number).padStart(3, "0")}@lakeside.example`;
const numbers = (from: number, until: number) => Array.from({ length: until - from }, (_, index) => from + index);

/** Something that 500 can see: 450 named by nine policies, 49 by one each, and a group. */
async function shareWithMany(scene: Scene): Promise<string> {
  const scan = await scene.resource(["view", "download"], { name: "Programme of the congress" });
  const members = numbers(500, 700).map((number) => ({ email: guest(number) }));
  const group = text(await scene.ask("POST", "/groups", { name: "Speakers", members }), "group_id");
  await scene.permit(scan, "all", { group });
  for (const first of numbers(0, 9).map((hundred) => hundred * 50)) {
    await scene.permit(scan, ["view"], { claim: "email", one_of: numbers(first, first + 50).map(guest) });
  }
  for (const number of numbers(450, 499)) {
    await scene.permit(scan, ["view", "download"], { claim: "email", equals: guest(number) });
  }
  return scan;
}

/** How wide the page is on a phone, in letters of twice the size, written from left and from right. */
async function widthsOnPhone({ page }: Person, name: string): Promise<readonly unknown[]> {
  const widths: unknown[] = [];
  const html = "document.documentElement";
  await withViewport(page, VIEWPORTS.phone, async () => {
    for (const direction of ["rtl", "ltr"]) {
      await page.evaluate(`${html}.dir = "${direction}"; ${html}.style.fontSize = "200%"`);
      widths.push(await page.evaluate(`${html}.scrollWidth`));
      await picture(page, `many-people/${name}-twice-the-size-${direction}`);
    }
  });
  await page.evaluate(`${html}.style.fontSize = ""`);
  return widths;
}

story("among 500 who can see a thing, one is found and ended in four actions", async ({ usher, person }) => {
  const scene = await Scene.open(new World(usher));
  const scan = await shareWithMany(scene);
  const ana = await person("Ana");
  await joinAs(ana, new Organization(scene.world, scene.cast.alice));
  const sees = looksAt(ana, "many-people");
  const path = `/console/${scene.cast.alice}/things/${scan}`;
  const rows = ana.page.locator("main .row");
  const answer = await ana.open(path);
  expect(gzipSync(await answer.body()).byteLength).toBeLessThan(MAX_MARKUP_BYTES);
  await sees("Programme of the congress", "first-page");
  await ana.page.getByText(/, and 497 more can see this\.$/).waitFor();
  expect(await rows.count()).toBe(25);
  expect(await widthsOnPhone(ana, "first-page")).toEqual([VIEWPORTS.phone.width, VIEWPORTS.phone.width]);

  await ana.open(path);
  await ana.keyboard.follow(layout.more);
  expect(await rows.count()).toBe(25);
  await ana.page.getByText(/, and 497 more can see this\.$/).waitFor();

  await ana.open(`/console/${scene.cast.alice}`);
  const hands = new CountedHands(ana);
  await hands.press(/^Programme of the congress/);
  await hands.fill(thing.find, "guest-237");
  await hands.press(things.show);
  await ana.page.waitForURL(/q=guest-237/);
  await sees("Programme of the congress", "found");
  expect(await rows.count()).toBe(1);
  await hands.press(`${thing.end.here} ${guest(237)}`);
  await ana.page.getByText(thing.notices.ended).waitFor();
  await ana.page.getByText(/, and 496 more can see this\.$/).waitFor();
  expect(hands.actions).toBeLessThanOrEqual(4);

  await ana.open(`${path}?q=guest-237`);
  await ana.page.getByText(thing.notFound).waitFor();
  await sees("Programme of the congress", "found-no-more");
  await ana.keyboard.follow(thing.showAll);
  expect(await rows.count()).toBe(25);
});
