import { describe, expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";
import { codeIn } from "../support/server/letters.ts";

/** Goes by keyboard from the front door to the page that takes the code. */
async function askForCode(person: Person): Promise<void> {
  await person.open("/sign-in");
  await person.keyboard.follow("Send a code by e-mail");
  await person.keyboard.fill("E-mail address", person.address);
  await person.keyboard.follow("Send the code");
  await person.sees("Type in the code from the e-mail");
}

async function enterCode(person: Person): Promise<void> {
  const code = codeIn(await person.mailbox.next());
  await person.keyboard.fill("Code", `${code.slice(0, 4)} ${code.slice(4)}`);
  await person.keyboard.follow("Go on");
}

describe("with a phone, by keyboard alone and without script", () => {
  story("somebody new makes an account by a code, and next time signs in by one", async ({ usher, person }) => {
    const ana = await person("Ana", { viewport: "phone", script: false });
    await askForCode(ana);
    await enterCode(ana);
    await ana.sees("Create an account");
    await accessible(ana.page);
    await picture(ana.page, "email-sign-in/new-account");
    await ana.keyboard.fill("What should others call you?", "Ana");
    await ana.keyboard.follow("Go on without a passkey");
    await ana.page.waitForURL(`${usher.issuer}/account`);

    await ana.keyboard.follow("Sign out");
    await ana.page.waitForTimeout(0);
    const phone = await person("Ana's other phone", { viewport: "phone", script: false });
    await phone.open("/sign-in/email");
    await phone.keyboard.fill("E-mail address", ana.address);
    await phone.keyboard.follow("Send the code");
    const code = codeIn(await ana.mailbox.next());
    await phone.keyboard.fill("Code", code);
    await phone.keyboard.follow("Go on");
    await phone.page.waitForURL(`${usher.issuer}/account`);
  });
});

story("each page on the way is fit to be seen, and says what is wrong", async ({ person }) => {
  const ana = await person("Ana");
  await ana.open("/sign-in/email");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/address");
  await ana.keyboard.fill("E-mail address", "ana");
  await ana.keyboard.follow("Send the code");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/not-an-address");
  await ana.keyboard.fill("E-mail address", ana.address);
  await ana.keyboard.follow("Send the code");
  await ana.sees("Type in the code from the e-mail");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/code");
  await ana.keyboard.fill("Code", "1234");
  await ana.keyboard.follow("Go on");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/wrong-code");
  await ana.keyboard.follow("Send another code");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/too-soon");
  await ana.open("/development/mailbox");
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/development-mailbox");
  const mallory = await person("Mallory");
  await ana.page.goBack();
  await mallory.open(ana.page.url());
});
