import { describe, expect } from "vitest";
import { story } from "../support/browser/story.ts";
import { FRAME, pageSamples, USUAL } from "../support/pure/page-samples.ts";

describe("the button for a passkey", () => {
  story("makes one, also by Enter in the field before it, and goes on", async ({ person }) => {
    const ana = await person("Ana");
    await ana.open("/sign-up");
    await ana.page.getByLabel("What should others call you?").fill("Ana Silva");
    await ana.page.keyboard.press("Enter");
    await ana.sees("Keep these recovery codes");
    expect(await ana.authenticator.passkeys()).toHaveLength(1);
  });

  story("says what to do when the finger was not recognised, and can be pressed again", async ({ person }) => {
    const ana = await person("Ana");
    await ana.open("/sign-up");
    await ana.authenticator.recognizesPerson(false);
    const button = ana.page.getByRole("button", { name: "Create a passkey" });
    await button.click();
    const outcome = ana.page.getByRole("status");
    await outcome.filter({ hasText: "No passkey was used. Try again, or choose another way." }).waitFor();
    await ana.authenticator.recognizesPerson(true);
    await button.click();
    await ana.sees("Keep these recovery codes");
  });

  story("says what our server has against it, in the reader's language", async ({ person }) => {
    const ana = await person("Ana", { locale: "de" });
    await ana.open("/sign-in");
    await ana.context.clearCookies();
    await ana.page.getByRole("button", { name: "Mit einem Passkey anmelden" }).click();
    await ana.page.getByRole("status").filter({ hasText: "Diese Seite war zu lange offen." }).waitFor();
  });

  story("gives way to a sentence where the browser knows no passkeys", async ({ person }) => {
    const ana = await person("Ana");
    await ana.page.addInitScript("delete globalThis.PublicKeyCredential");
    await ana.open("/sign-in");
    await ana.page.getByText("This browser knows no passkeys. Choose another way.").waitFor();
    expect(await ana.page.getByRole("button", { name: "Sign in with a passkey" }).count()).toBe(0);
  });

  story("is not there without script, and other ways are", async ({ person }) => {
    const ana = await person("Ana", { script: false });
    await ana.open("/sign-in");
    // Playwright finds no text in here, though it is shown.
    await ana.page.locator("noscript p").waitFor();
    expect(await ana.page.getByRole("button", { name: "Sign in with a passkey" }).isVisible()).toBe(false);
    await ana.page.getByRole("link", { name: "Use a recovery code" }).waitFor();
  });
});

story("recovery codes are copied a line each", async ({ usher, person }) => {
  const ana = await person("Ana");
  await ana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const body = `<!doctype html>\n${pageSamples(FRAME, USUAL)["recovery-codes"]}`;
  await ana.page.route(`${usher.issuer}/sample`, (route) => route.fulfill({ contentType: "text/html", body }));
  await ana.open("/sample");
  await ana.page.getByRole("button", { name: "Copy" }).click();
  await ana.page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  const copied = await ana.page.evaluate<string>("navigator.clipboard.readText()");
  expect(copied.split("\n")).toHaveLength(10);
  expect(copied).toMatch(/^ABCD-EFGH-JKLM-NP0R\n/);
});
