import { expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import { picture } from "../support/browser/picture.ts";
import { WITH_WORLD, worldStory } from "../support/browser/world-story.ts";

worldStory(
  "the start page leads to two stories, and each to where it begins",
  WITH_WORLD,
  async ({ sample, person }) => {
    const ana = await person("Ana");
    await ana.open(sample.startPage.origin);
    await ana.sees("Two people, and a report between them");
    await accessible(ana.page);
    await picture(ana.page, "world/start");
    await ana.keyboard.follow("The owner's story");
    await ana.sees("The owner's story");
    await accessible(ana.page);
    await picture(ana.page, "world/start-owner");
    await ana.keyboard.follow("your reports at Lakeside Clinic");
    await ana.sees("Nobody but you and the clinic can see your reports");
    await accessible(ana.page);
    await picture(ana.page, "world/clinic-stranger");
    await ana.open(`${sample.startPage.origin}/doctor`);
    await ana.sees("The doctor's story");
    await accessible(ana.page);
    await picture(ana.page, "world/start-doctor");
    await ana.keyboard.follow("Consult");
    await ana.sees("Which report would you like to read?");
    await accessible(ana.page);
    await picture(ana.page, "world/consult-stranger");
    expect((await ana.open(`${sample.startPage.origin}/nowhere`)).status()).toBe(404);
  },
);
