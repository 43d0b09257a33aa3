import { en } from "../../src/pages/words/en.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import { signInByCode } from "../support/browser/sign-in-by-code.ts";
import { joinAs } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";

const { groups, share, sharedWithMe, signUp } = en;

/** A thing is shared with a group by pages alone, and whoever is taken out of it has it no more. */
story("a doctor in a group finds what is shared with it, until she is taken out", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  const scan = await scene.resource(["view", "download"], { name: "Scan of the knee" });
  const [ana, roth] = [await person("Ana"), await person("Dr. Roth", { viewport: "phone", scheme: "dark" })];
  await joinAs(ana, new Organization(world, scene.cast.alice));
  const sees = looksAt(ana, "groups");

  await ana.open(`/console/${scene.cast.alice}/groups`);
  await sees(groups.title(0), "none");
  await ana.keyboard.fill(groups.name, "Knee doctors");
  await ana.keyboard.follow(groups.make);
  await ana.keyboard.fill(groups.address, roth.address);
  await ana.keyboard.follow(groups.add);
  await ana.page.getByText(groups.notices.added).waitFor();
  await sees("Knee doctors", "one-member");
  const group = ana.page.url();

  await ana.open(`/console/${scene.cast.alice}/things/${scan}/share?with=group`);
  await ana.keyboard.follow(share.go);
  await ana.keyboard.follow(share.review.share);
  await ana.sees("Scan of the knee");

  await roth.open("/account/shared");
  await signInByCode(roth);
  await roth.keyboard.fill(signUp.name, "Dr. Roth");
  await roth.keyboard.follow(signUp.withoutPasskey);
  await roth.open("/account/shared");
  await looksAt(roth, "groups/doctor")(sharedWithMe.title, "shared");
  await roth.page.getByText("Scan of the knee").waitFor();

  await ana.open(group);
  await ana.page.getByText(groups.usesTitle, { exact: true }).waitFor();
  await sees("Knee doctors", "in-use");
  await ana.keyboard.follow(`${groups.remove} ${roth.address}`);
  await ana.page.getByText(groups.notices.removed).waitFor();
  await roth.page.reload();
  await roth.sees(sharedWithMe.noneTitle);
});
