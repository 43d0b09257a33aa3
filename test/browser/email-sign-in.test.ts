import { en } from "../../src/pages/words/en.ts";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";
import { codeIn } from "../support/server/letters.ts";

const { signIn, signInEmail, signInCode, signUp, layout, security } = en;

/** Goes by keyboard from the front door to the page that takes the code. */
async function askForCode(person: Person, address: string): Promise<void> {
  await person.open("/sign-in");
  await person.keyboard.follow(signIn.email);
  await person.keyboard.fill(signInEmail.address, address);
  await person.keyboard.follow(signInEmail.send);
  await person.sees(signInCode.title);
}

/** @param owner whose letter box the code goes to. */
async function enterCode(person: Person, owner: Person): Promise<void> {
  const code = codeIn(await owner.mailbox.next());
  await person.keyboard.fill(signInCode.code, `${code.slice(0, 4)} ${code.slice(4)}`);
  await person.keyboard.follow(signInCode.go);
}

story("somebody new makes an account by a code, with a phone, by keyboard and without script", async ({ person }) => {
  const ana = await person("Ana", { viewport: "phone", script: false });
  await askForCode(ana, ana.address);
  await enterCode(ana, ana);
  await ana.sees(signUp.title);
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/new-account");
  await ana.keyboard.fill(signUp.name, "Ana");
  await ana.keyboard.follow(signUp.withoutPasskey);
  await ana.page.waitForURL(/\/console\//);
  await ana.open("/account");
  await ana.keyboard.follow(layout.signOut);

  const another = await person("Ana's other phone", { viewport: "phone", script: false });
  await askForCode(another, ana.address);
  await enterCode(another, ana);
  await another.page.waitForURL(/\/console\//);
  await another.open("/account");
});

story("each page on the way says what is wrong, and is fit to be seen", async ({ person }) => {
  const ana = await person("Ana");
  const look = async (step: string) => {
    await accessible(ana.page);
    await picture(ana.page, `email-sign-in/${step}`);
  };
  await ana.open("/sign-in/email");
  await look("address");
  await ana.keyboard.fill(signInEmail.address, "ana");
  await ana.keyboard.follow(signInEmail.send);
  await look("not-an-address");
  await ana.keyboard.fill(signInEmail.address, ana.address);
  await ana.keyboard.follow(signInEmail.send);
  await ana.sees(signInCode.title);
  await look("code");
  await ana.keyboard.fill(signInCode.code, "1234");
  await ana.keyboard.follow(signInCode.go);
  await look("no-code");
  await ana.keyboard.follow(signInCode.again);
  await look("too-soon");
  await ana.open("/development/mailbox");
  await look("development-mailbox");
});

story("a code is of no use in another browser, which says so", async ({ person }) => {
  const [ana, mallory] = await Promise.all([person("Ana"), person("Mallory")]);
  await askForCode(ana, ana.address);
  await mallory.open(ana.page.url());
  await mallory.sees(en.problems.otherBrowser.title);
  await accessible(mallory.page);
  await picture(mallory.page, "email-sign-in/another-browser");
});

story("somebody adds an address to their account, and removes it again", async ({ usher, person }) => {
  const [ana, work] = await Promise.all([person("Ana", { script: false }), person("Ana at work")]);
  await askForCode(ana, ana.address);
  await enterCode(ana, ana);
  await ana.keyboard.follow(signUp.withoutPasskey);
  await ana.open("/account/security");
  await ana.keyboard.activate(security.addAddress);
  await ana.keyboard.fill(security.address, work.address);
  await ana.keyboard.follow(security.sendCode);
  await ana.sees(signInCode.title);
  await enterCode(ana, work);
  await ana.page.waitForURL(`${usher.issuer}/account/security?notice=addressAdded`);
  await accessible(ana.page);
  await picture(ana.page, "email-sign-in/address-added");
  await ana.page
    .getByRole("listitem")
    .filter({ hasText: work.address })
    .getByRole("button", { name: new RegExp(security.remove) })
    .click();
  await ana.page.waitForURL(`${usher.issuer}/account/security?notice=addressRemoved`);
});
