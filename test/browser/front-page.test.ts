import { expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";

story("whoever comes to the front page reads what this is, and gets on by keyboard", async ({ usher, person }) => {
  const ana = await person("Ana", { viewport: "phone" });
  expect((await ana.open("/")).status()).toBe(200);
  await ana.sees(/^Here people decide who may see/);
  await accessible(ana.page);
  await picture(ana.page, "front-page/first");
  await ana.keyboard.activate("What it offers, and where (its metadata)");
  await ana.page.waitForURL(`${usher.issuer}/.well-known/uma2-configuration`);
});

story("the front page is the same without script, in the dark", async ({ person }) => {
  const ana = await person("Ana", { script: false, scheme: "dark", locale: "de" });
  await ana.open("/");
  await ana.sees(/^Hier entscheiden Menschen/);
  await accessible(ana.page);
  await ana.keyboard.focus("Seine öffentlichen Schlüssel");
});
