import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import type { Person } from "../support/browser/person.ts";
import { joinByCode } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { Organization } from "../support/server/organization.ts";
import { REQUEST_SUBMITTED, Scene } from "../support/server/scene.ts";
import { expectStatus, text, World } from "../support/server/world.ts";

const { activity, requests, share, thing } = en;
const LEE = "lee@example.com";

/** A clinic that Dr. Roth asks for a record. */
async function openClinic(world: World) {
  const scene = await Scene.open(world);
  const clinic = { bearer: world.site.adminSecret, headers: { "If-Match": "*" }, json: { name: "Lakeside Clinic" } };
  expectStatus(await world.send("PUT", `/admin/owners/${scene.cast.alice}`, clinic), 200);
  const record = await scene.resource(["view", "download"], { name: "Blood count" });
  await scene.permit(record, ["view", "download"], { claim: "email", exists: true }, { terms: { approval: true } });
  const idToken = await scene.bob({ name: "Dr. Roth" });
  const submitted = await scene.redeem(await scene.ticket(record, ["view", "download"]), { idToken });
  expect(submitted).toMatchObject(REQUEST_SUBMITTED);
  return { scene, record, ticket: text(submitted, "ticket") };
}

/** What the log tells of somebody's doing. */
function toldOf({ page }: Person, sentence: string, origin: string) {
  return page.locator("main .row").filter({ hasText: sentence }).filter({ hasText: origin });
}

story(
  "two administrators of a clinic act at once: each is told what the other did, and nothing is done twice or lost",
  { timeout: 120_000 },
  async ({ usher, person }) => {
    const { scene, record, ticket } = await openClinic(new World(usher));
    const clinic = new Organization(scene.world, scene.cast.alice);
    const home = `/console/${clinic.id}`;
    // Nothing is made new on Ben's pages while he reads.
    const [ana, ben] = [await person("Ana"), await person("Ben", { viewport: "phone", scheme: "dark", script: false })];
    const [anaSees, benSees] = [looksAt(ana, "two-administrators/ana"), looksAt(ben, "two-administrators/ben")];
    for (const one of [ana, ben]) {
      await joinByCode(one, clinic);
      await one.open(`${home}/requests`);
      await one.page.getByText("You act for Lakeside Clinic.").waitFor();
      await one.keyboard.follow(new RegExp(`^${requests.choose}`));
      await one.page.getByText("You act for Lakeside Clinic.").waitFor();
    }

    await ana.keyboard.toggle("download");
    await ana.keyboard.follow(requests.allowChosen);
    await anaSees("You let Dr. Roth view Blood count.", "decided");
    await benSees(/^Dr\. Roth asks to view and download Blood count\.$/, "still-open");
    await ben.keyboard.follow(requests.refuseAll);
    await ben.page.getByText(requests.notices.alreadyDecided).waitFor();
    await ben.page.getByText(/^Ana decided today/).waitFor();
    await benSees("Ana let Dr. Roth view Blood count.", "decided-already");
    expect(await scene.granted(await scene.redeem(ticket))).toEqual({ [record]: ["view"] });

    await scene.permit(record, ["view", "download"], { claim: "email", equals: LEE });
    const page = `${home}/things/${record}`;
    for (const one of [ana, ben]) await one.open(page);
    await ana.keyboard.follow(`${thing.change} ${LEE}`);
    await ana.keyboard.toggle("download");
    await ana.keyboard.follow(share.go);
    await ana.sees(share.review.titleOfChange);
    await ben.keyboard.follow(`${thing.end.here} ${LEE}`);
    await ben.page.getByText(thing.notices.ended).waitFor();
    await ana.keyboard.follow(share.review.save);
    await ana.page.getByText(thing.errors.gone).waitFor();
    await anaSees("Blood count", "ended-meanwhile");
    const { body } = await scene.ask("GET", "/policies");
    expect(JSON.stringify(body)).not.toContain(LEE);
    expect(await ana.page.getByText(LEE).count()).toBe(0);

    await ana.open(`${home}/activity`);
    await anaSees(activity.title, "activity");
    await toldOf(ana, "A request was approved: Dr. Roth", activity.byYou).waitFor();
    await toldOf(ana, "is no longer shared", "By Ben").waitFor();
    await ben.open(`${home}/activity`);
    await toldOf(ben, "A request was approved: Dr. Roth", "By Ana").waitFor();
    expect(await toldOf(ben, "A request was refused", "").count()).toBe(0);
  },
);
