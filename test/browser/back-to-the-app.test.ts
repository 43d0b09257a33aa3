import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import type { Person } from "../support/browser/person.ts";
import { story } from "../support/browser/story.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { codeIn } from "../support/server/letters.ts";
import { World } from "../support/server/world.ts";

const { signIn, signInEmail, signInCode, signUp, consent, layout } = en;

/** Signs in by a code; every step of it is a form. */
async function signInByCode(person: Person): Promise<void> {
  await person.keyboard.follow(signIn.email);
  await person.keyboard.fill(signInEmail.address, person.address);
  await person.keyboard.follow(signInEmail.send);
  await person.sees(signInCode.title);
  await person.keyboard.fill(signInCode.code, codeIn(await person.mailbox.next()));
  await person.keyboard.follow(signInCode.go);
}

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
