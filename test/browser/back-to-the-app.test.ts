import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { signInByCode } from "../support/browser/sign-in-by-code.ts";
import { story } from "../support/browser/story.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { World } from "../support/server/world.ts";

const { signUp, consent, layout } = en;

story(
  "forms lead back to an app that has asked before, and that sends its people on at once",
  async ({ usher, person, app }) => {
    const clinic = await CodeApp.register(new World(usher), { redirect_uris: [app.forwardingUri] });
    const ana = await person("Ana", { script: false });
    const ask = () => ana.open(usher.issuer + clinic.path());

    await ask();
    await signInByCode(ana);
    await ana.keyboard.fill(signUp.name, "Ana");
    await ana.keyboard.follow(signUp.withoutPasskey);
    await ana.keyboard.follow(consent.allow);
    await ana.sees("Back in the app");
    await ana.open("/account");
    await ana.keyboard.follow(layout.signOut);

    await ask();
    await signInByCode(ana);
    await ana.sees("Back in the app");
    expect(app.callbacks.map((sent) => sent.has("code"))).toEqual([true, true]);
  },
);
