import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { accessible } from "../support/browser/accessible.ts";
import { picture } from "../support/browser/picture.ts";
import { joinAs } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";

const { layout, things } = en;
const LONG =
  "Magnetic resonance imaging of the left knee with and without contrast agent, second opinion of the university hospital";

story("whoever has many things finds one by its name, its kind, or what it is in", async ({ usher, person }) => {
  const scene = await Scene.open(new World(usher));
  const album = await scene.resource(["view"], { name: "Harbour, summer 2026", type: "album" });
  for (let index = 10; index < 64; index += 1)
    await scene.resource(["view"], { name: `Photo ${index}`, type: "photo", collections: [album] });
  await scene.resource(["view"], { name: LONG, type: "https://types.example/imaging_study" });
  await scene.resource(["view"], { name: "صورة الميناء عند الغروب", type: "photo", collections: [album] });
  await scene.resource(["view"]);
  const ana = await person("Ana", { viewport: "phone" });
  await joinAs(ana, new Organization(scene.world, scene.cast.alice));
  await ana.open(`/console/${scene.cast.alice}/things`);
  await ana.sees("What alice has");
  await accessible(ana.page);
  await picture(ana.page, "things/first-page");
  await ana.keyboard.follow(layout.more);
  await ana.page.getByRole("link", { name: /^Photo 63/ }).waitFor();
  await picture(ana.page, "things/last-page");
  await ana.keyboard.fill(things.search, "harbour");
  await ana.keyboard.follow(things.show);
  await ana.keyboard.follow(things.inside(55, false));
  await ana.sees("Harbour, summer 2026");
  await accessible(ana.page);
  await picture(ana.page, "things/what-is-in-it");
  await ana.open(`/console/${scene.cast.alice}/things?kind=photo&q=nothing+like+it`);
  await ana.page.getByText(things.nothing).waitFor();
  await picture(ana.page, "things/not-found");
  await ana.keyboard.follow(things.showAll);
  expect(new URL(ana.page.url()).search).toBe("");
});
