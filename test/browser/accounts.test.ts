import { expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";

/** What a person sees and does who makes an account, up to their own page. @returns the recovery codes. */
async function signUp(person: Person, name: string): Promise<readonly string[]> {
  await person.open("/sign-up");
  await person.page.getByLabel("What should others call you?").fill(name);
  await person.page.getByRole("button", { name: "Create a passkey" }).click();
  await person.sees("Keep these recovery codes");
  const codes = await person.page.locator("#codes code").allTextContents();
  await person.page.getByRole("link", { name: "I have kept them" }).click();
  await person.page.waitForURL(/\/console\//);
  await person.open("/account");
  return codes;
}

async function signOut(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await person.sees("Sign in");
}

story("Ana makes an account with a passkey, signs out, and signs in again", async ({ person }) => {
  const ana = await person("Ana");
  await ana.open("/sign-up");
  await ana.sees("Create an account");
  await accessible(ana.page);
  await picture(ana.page, "accounts/sign-up");
  await ana.page.getByLabel("What should others call you?").fill("Ana María López");
  await ana.page.getByRole("button", { name: "Create a passkey" }).click();
  await ana.sees("Keep these recovery codes");
  expect(await ana.page.locator("#codes code").count()).toBe(10);
  await accessible(ana.page);
  await picture(ana.page, "accounts/recovery-codes");
  await ana.page.getByRole("link", { name: "I have kept them" }).click();
  await ana.page.waitForURL(/\/console\//);
  await ana.open("/account");
  await accessible(ana.page);
  await picture(ana.page, "accounts/home");
  expect(await ana.page.getByText("Ana María López").count()).toBeGreaterThan(0);
  await signOut(ana);
  expect(await ana.page.getByText("You are signed out.").isVisible()).toBe(true);
  await accessible(ana.page);
  await picture(ana.page, "accounts/sign-in");
  await ana.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await ana.page.waitForURL(/\/console\//);
  await ana.open("/account");
  // Back leads to no page with the codes: they were shown once.
  await ana.page.goBack();
  await ana.page.goBack();
  expect(await ana.page.locator("#codes code").count()).toBe(0);
});

story("Ana does all of it by keyboard alone", async ({ person }) => {
  const ana = await person("Ana");
  await ana.open("/sign-up");
  await ana.keyboard.fill("What should others call you?", "Ana");
  await ana.keyboard.activate("Create a passkey");
  await ana.sees("Keep these recovery codes");
  await ana.keyboard.follow("I have kept them");
  await ana.sees("Nobody waits for you.");
  await ana.keyboard.follow(/Signed in as Ana/);
  await ana.sees(/No app acts for you/);
  await ana.keyboard.follow("Signing in");
  await ana.sees(/You can sign in with/);
  await ana.keyboard.follow("Make new recovery codes");
  await ana.sees("Make new recovery codes?");
  await ana.keyboard.follow("Make new codes");
  await ana.sees("Keep these recovery codes");
  await ana.keyboard.follow("I have kept them");
  await ana.keyboard.follow("Sign out");
  await ana.sees("Sign in");
  await ana.keyboard.activate("Sign in with a passkey");
  await ana.sees("Nobody waits for you.");
  await ana.keyboard.follow(/Signed in as Ana/);
  await ana.sees(/No app acts for you/);
});

story("Ana loses her passkey, gets in with a recovery code, and makes a new one", async ({ person }) => {
  const ana = await person("Ana", { viewport: "phone" });
  const [code = ""] = await signUp(ana, "Ana");
  await signOut(ana);
  await ana.authenticator.replace();
  await ana.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect.poll(() => ana.page.locator(".outcome").first().textContent()).toContain("No passkey was used.");
  await ana.page.getByRole("link", { name: "Use a recovery code" }).click();
  await ana.sees("Type in a recovery code");
  await ana.page.getByLabel("Recovery code").fill("bcdf ghjk");
  await ana.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect.poll(() => ana.page.getByRole("alert").first().textContent()).toContain("This code does not work.");
  await accessible(ana.page);
  await picture(ana.page, "accounts/recovery-wrong");
  await ana.page.getByLabel("Recovery code").fill(code.toLowerCase().replaceAll("-", " "));
  await ana.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await ana.sees(/You can sign in with/);
  expect(await ana.page.getByText("9 are left.").count()).toBe(1);
  await picture(ana.page, "accounts/recovered");
  await ana.page.getByRole("button", { name: "Add a passkey" }).click();
  await ana.sees("You can sign in with 2 passkeys.");
  await accessible(ana.page);
  // The lost one signs nobody in any more.
  await ana.page
    .getByRole("button", { name: /^Remove/ })
    .first()
    .click();
  await ana.sees("You can sign in with 1 passkey.");
  await picture(ana.page, "accounts/security");
  await signOut(ana);
  await ana.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await ana.page.waitForURL(/\/console\//);
  await ana.open("/account");
});

story("Ana recovers by keyboard alone, and puts everything in order", async ({ person }) => {
  const [ana, lost] = [await person("Ana"), await person("Ana's lost laptop")];
  const [code = ""] = await signUp(lost, "Ana");
  await ana.open("/account/security");
  await ana.keyboard.follow("Use a recovery code");
  await ana.sees("Type in a recovery code");
  await ana.keyboard.fill("Recovery code", "BCDF");
  await ana.keyboard.follow("Sign in");
  await expect.poll(() => ana.page.getByRole("alert").first().textContent()).toContain("This code does not work.");
  await ana.keyboard.fill("Recovery code", code);
  await ana.keyboard.follow("Sign in");
  await ana.sees("You can sign in with 1 passkey.");
  await ana.keyboard.activate("Add a passkey");
  await ana.sees("You can sign in with 2 passkeys.");
  await ana.keyboard.follow(/^Remove/);
  await ana.sees("You can sign in with 1 passkey.");
  await ana.keyboard.follow("Sign out everywhere else");
  await ana.sees("Sign out everywhere else?");
  await ana.keyboard.follow("Sign out everywhere else");
  await ana.sees("You can sign in with 1 passkey.");
  await lost.open("/account");
  await lost.sees("Sign in");
  await lost.keyboard.activate("Sign in with a passkey");
  await expect.poll(() => lost.page.locator(".outcome").first().textContent()).toContain("does not work here");
});

story("Ana is signed in on two devices, and ends everything elsewhere", async ({ person }) => {
  const [laptop, phone] = [await person("Ana"), await person("Ana's phone", { viewport: "phone" })];
  const [, code = ""] = await signUp(laptop, "Ana");
  await phone.open("/sign-in/recovery");
  await phone.page.getByLabel("Recovery code").fill(code);
  await phone.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await phone.sees(/You can sign in with/);
  await laptop.open("/account/security");
  await picture(laptop.page, "accounts/two-devices");
  await laptop.page.getByRole("link", { name: "Sign out everywhere else" }).click();
  await laptop.sees("Sign out everywhere else?");
  await accessible(laptop.page);
  await picture(laptop.page, "accounts/end-all");
  await laptop.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await laptop.sees(/You can sign in with/);
  expect(await laptop.page.getByText("You are signed in nowhere else.").count()).toBe(1);
  await phone.open("/account");
  await phone.sees("Sign in");
});

story("a second tab that stood open says so, and gets on once it is opened again", async ({ usher, person }) => {
  const ana = await person("Ana");
  const second = await ana.context.newPage();
  await second.goto(`${usher.issuer}/sign-in`);
  await signUp(ana, "Ana");
  await second.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect.poll(() => second.locator(".outcome").first().textContent()).toContain("open for too long");
  await second.reload();
  await second.waitForURL(/\/console\//);
});

story("whoever does not show their finger gets nowhere, and is told so", async ({ person }) => {
  const ana = await person("Ana", { locale: "de" });
  await ana.authenticator.recognizesPerson(false);
  await ana.open("/sign-up");
  await ana.page.getByRole("button", { name: "Passkey" }).first().click();
  await expect.poll(() => ana.page.locator(".outcome").first().textContent()).not.toBe("");
  expect(await ana.authenticator.passkeys()).toHaveLength(0);
  await ana.open("/account");
  await ana.sees("Anmelden");
});

story("the front door says what works without script", async ({ person }) => {
  const ana = await person("Ana", { script: false });
  await ana.open("/sign-in");
  await ana.sees("Sign in");
  expect(await ana.page.locator("noscript .notice").isVisible()).toBe(true);
  await accessible(ana.page);
  await picture(ana.page, "accounts/sign-in-without-script");
  await ana.keyboard.follow("Use a recovery code");
  await ana.sees("Type in a recovery code");
  await ana.keyboard.fill("Recovery code", "BCDF");
  await ana.keyboard.follow("Sign in");
  await ana.sees("Type in a recovery code");
  await accessible(ana.page);
});
