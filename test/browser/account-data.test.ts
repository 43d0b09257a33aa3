import { text as contentOf } from "node:stream/consumers";
import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import type { Person } from "../support/browser/person.ts";
import { story } from "../support/browser/story.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { Organization } from "../support/server/organization.ts";
import { World } from "../support/server/world.ts";

const { account, consent, data, signIn } = en;

async function signUp(person: Person, name: string): Promise<void> {
  await person.open("/sign-up");
  await person.page.getByLabel("What should others call you?").fill(name);
  await person.page.getByRole("button", { name: "Create a passkey" }).click();
  await person.page.getByRole("link", { name: "I have kept them" }).click();
  await person.page.waitForURL(/\/console\//);
}

story("Ana takes everything along, hands over the clinic, and deletes her account", async ({ usher, app, person }) => {
  const world = new World(usher);
  const registration = { client_name: "Records", redirect_uris: [app.redirectUri] };
  const [records, clinic] = [await CodeApp.register(world, registration), await Organization.found(world)];
  const [ana, ben] = [await person("Ana"), await person("Ben")];
  const looks = looksAt(ana, "account-data");
  await signUp(ana, "Ana María López");
  await signUp(ben, "Ben");
  await ana.open(records.path({ scope: "uma_protection" }));
  await ana.page.getByRole("button", { name: consent.allow }).click();
  await ana.sees("Back in the app");
  const { body } = await records.redeem(app.callbacks.at(-1)?.get("code") ?? "");
  await world.registerResource(String(body.access_token), { resource_scopes: ["view"], name: "Blood count" });
  await ana.open(await clinic.invite());
  await ana.page.getByRole("button", { name: "Accept" }).click();

  await ana.open("/account");
  await ana.page.getByRole("link", { name: account.dataLine }).click();
  await looks(data.title, "take-or-delete");
  const download = ana.page.waitForEvent("download");
  await ana.page.getByRole("link", { name: data.download.go }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("usher-data.json");
  const kept = JSON.parse(await contentOf(await file.createReadStream()));
  expect([kept.account.name, kept.resources[0].name]).toEqual(["Ana María López", "Blood count"]);

  await ana.page.getByRole("link", { name: data.removal.go }).click();
  await looks(data.charges.title(1), "hand-over-first");
  await ben.open(await clinic.invite());
  await ben.page.getByRole("button", { name: "Accept" }).click();
  await ben.page.waitForURL(/\/account|\/console/);
  await ana.open("/account/data/delete");
  await looks(data.deletion.title, "what-follows");
  await ana.page.getByRole("button", { name: data.deletion.go }).click();
  await ana.page.getByRole("alert").waitFor();
  await looks(data.deletion.title, "not-without-a-word");
  await ana.page.getByLabel(data.deletion.sure).check();
  await ana.page.getByRole("button", { name: data.deletion.go }).click();
  await looks(data.deleted.title, "deleted");

  expect(await records.isTaken(body.access_token)).toBe(false);
  await ana.open("/account");
  await ana.sees(signIn.title);
  await ana.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await ana.page.getByText("This passkey does not work here.").waitFor();
  await looks(signIn.title, "nothing-signs-in");
});
