import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { CountedHands } from "../support/browser/counted-hands.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import type { Person } from "../support/browser/person.ts";
import { joinAs, signUp } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import type { Site } from "../support/server/http-site.ts";
import { codeIn } from "../support/server/letters.ts";
import { Organization } from "../support/server/organization.ts";
import { ProtectionApi } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";

const { requests, share, sharedWithMe, signIn, signInCode, signInEmail, signUp: newAccount, thing } = en;

/** Somebody with an account, and a few things that an app keeps for them. */
async function settle(usher: Site, ana: Person): Promise<{ readonly things: ProtectionApi; readonly home: string }> {
  await ana.open("/console");
  await signUp(ana);
  await ana.sees(requests.waiting(0));
  const own = ana.page.url();
  const world = new World(usher);
  const records = await world.client({ client_name: "Health Records", grant_types: ["client_credentials"] });
  await world.connect(own.split("/").at(-1) ?? "", records, ["uma_protection"]);
  const things = await ProtectionApi.of(world, records);
  for (const name of ["Blood count", "Medication plan", "Vaccinations"]) {
    await things.create({ name, type: "record", resource_scopes: ["view", "download"] });
  }
  return { things, home: own };
}

story(
  "Ana lets her doctor see her blood count until June, in six actions, and ends it in two",
  async ({ usher, person }) => {
    const ana = await person("Ana");
    const { home: own } = await settle(usher, ana);
    const sees = looksAt(ana, "sharing");
    await ana.open(own);
    await sees(requests.waiting(0), "home");
    const sharing = new CountedHands(ana);
    await sharing.press(/^Blood count/);
    await ana.sees("Blood count");
    await sharing.press(thing.share);
    await sees("Share Blood count", "whom-and-what");
    await sharing.fill(share.address, "dr.roth@lakeside.example");
    await ana.page.getByLabel(share.until).fill("2099-06-30");
    sharing.actions += 1;
    await sharing.press(share.go);
    await sees(share.review.title, "what-follows");
    await ana.page.getByText("dr.roth@lakeside.example can view Blood count, until 30 June 2099.").waitFor();
    await sharing.press(share.review.share);
    await ana.page.getByText(share.notices.shared, { exact: true }).waitFor();
    expect(sharing.actions).toBeLessThanOrEqual(6);
    await sees("Blood count", "shared");
    await ana.page.getByText("dr.roth@lakeside.example can see this.").waitFor();
    await ana.open(own);
    const ending = new CountedHands(ana);
    await ending.press(/^Blood count/);
    await ending.press(`${thing.end.here} dr.roth@lakeside.example`);
    await ana.page.getByText(thing.notices.ended).waitFor();
    expect(ending.actions).toBeLessThanOrEqual(2);
  },
);

story("somebody without an account is written to, and finds what waits for them", async ({ usher, person }) => {
  const [ana, roth] = [
    await person("Ana"),
    await person("Dr. Roth", { viewport: "phone", scheme: "dark", script: false }),
  ];
  await settle(usher, ana);
  await ana.page.reload();
  await ana.keyboard.follow(/^Blood count/);
  await ana.keyboard.follow(thing.share);
  await ana.keyboard.fill(share.address, roth.address);
  await ana.keyboard.follow(share.go);
  await ana.keyboard.follow(share.review.share);
  await ana.page.getByText(/^We have written to/).waitFor();
  await looksAt(ana, "sharing/unknown")("Blood count", "written-to");
  const letter = await roth.mailbox.next();
  expect(letter.subject).toBe("Somebody shares something with you");
  expect(letter.text).not.toContain("Blood count");
  await roth.open(letter.text.match(/http\S+/)?.[0] ?? "");
  await roth.keyboard.follow(signIn.email);
  await roth.keyboard.fill(signInEmail.address, roth.address);
  await roth.keyboard.follow(signInEmail.send);
  await roth.keyboard.fill(signInCode.code, codeIn(await roth.mailbox.next()));
  await roth.keyboard.follow(signInCode.go);
  await roth.keyboard.fill(newAccount.name, "Dr. Roth");
  await roth.keyboard.follow(new RegExp(`^(?:${newAccount.withoutPasskey}|${newAccount.go})$`));
  await looksAt(roth, "sharing/unknown")(sharedWithMe.title, "found");
  await roth.page.getByText("Blood count").waitFor();
});

story("two tabs and an app change a share at once: nothing is lost, and it is explained", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  const photo = await scene.resource(["view", "download"], { name: "Lab results" });
  const lee = { claim: "email", equals: "lee@example.com" };
  const policy = await scene.permit(photo, ["view", "download"], lee);
  const ana = await person("Ana", { viewport: "phone" });
  await joinAs(ana, new Organization(world, scene.cast.alice));
  const path = `/console/${scene.cast.alice}/things/${photo}/share?change=${policy}`;
  const sees = looksAt(ana, "sharing/conflict");
  await ana.open(`/console/${scene.cast.alice}/things/${photo}`);
  await ana.keyboard.follow(`${thing.change} lee@example.com`);
  await sees("What lee@example.com can do", "change");
  await ana.page.getByLabel("download").uncheck();
  await ana.page.getByRole("button", { name: share.go }).click();
  await ana.sees(share.review.titleOfChange);
  await ana.page.getByText("One person can do less.").waitFor();
  const second = await ana.context.newPage();
  await second.goto(usher.issuer + path);
  await second.getByLabel(share.asksFirst).check();
  await second.getByRole("button", { name: share.go }).click();
  await second.getByRole("button", { name: share.review.save }).click();
  await second.getByText(share.notices.changed).waitFor();
  await ana.page.getByRole("button", { name: share.review.save }).click();
  await ana.page.getByText(share.review.changedTo).waitFor();
  await sees(share.review.titleOfChange, "of-another-tab");
  await ana.page.getByText("lee@example.com can view Lab results.").last().waitFor();
  await scene.deny(photo, lee);
  await ana.page.getByRole("button", { name: share.review.save }).click();
  await ana.page.getByText("One person stays out all the same, because of this:").waitFor();
  await sees(share.review.titleOfChange, "of-an-app");
  await ana.page.getByRole("button", { name: share.review.save }).click();
  await ana.page.getByText(share.notices.changed).waitFor();
  const { body } = await scene.ask("GET", `/policies/${policy}`);
  expect(body.policy).toMatchObject({ scopes: ["view"] });
  expect(body.policy).not.toHaveProperty("terms");
});
