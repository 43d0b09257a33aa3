import { expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { ProviderSite } from "../support/browser/provider-site.ts";
import { story as anyStory } from "../support/browser/story.ts";

const bob = () => ({
  sub: `bob-${crypto.randomUUID()}`,
  name: "Dr. Bob",
  email: "bob@lakeside.example",
  email_verified: true,
});

const story = anyStory.extend("lakeside", async ({ usher }, { onCleanup }) => {
  const site = await ProviderSite.open(usher, `Lakeside ${crypto.randomUUID().slice(0, 8)}`, bob());
  onCleanup(() => site.close());
  return site;
});

/** There by a button, by keyboard, and back. The page on the way goes on by itself, so nobody presses anything on it. */
async function signInBy(button: string, person: Person): Promise<void> {
  await person.keyboard.activate(button);
  await person.sees("Who are you?");
  await person.keyboard.follow("It is me");
}

const signInAt = ({ name }: ProviderSite, person: Person) => signInBy(`Continue with ${name}`, person);

story(
  "somebody without an account signs in at a provider, makes one, and comes back to it",
  async ({ person, lakeside }) => {
    const his = await person("Bob", { viewport: "phone" });
    await his.open("/sign-in");
    await signInAt(lakeside, his);
    await his.sees("You have no account here yet");
    await accessible(his.page);
    await picture(his.page, "upstream/newcomer");
    await his.keyboard.follow("Create an account");
    await his.page.waitForURL(/\/console\//);
    await his.open("/account");
    const another = await person("Bob elsewhere", { script: false, scheme: "dark" });
    await another.open("/sign-in");
    await signInAt(lakeside, another);
    await another.page.waitForURL(/\/console\//);
    await another.open("/account");
  },
);

story("somebody who says no there is told what to do, in their language", async ({ person, lakeside }) => {
  lakeside.provider.twists = { answer: (back) => back.set("error", "access_denied") };
  const his = await person("Bob", { locale: "de" });
  await his.open("/sign-in");
  await signInBy(`Weiter mit ${lakeside.name}`, his);
  await his.sees(/Sie haben sich nicht mit .* angemeldet/);
  await accessible(his.page);
  await picture(his.page, "upstream/declined");
  his.complaints.take(/400/);
  // Another language is another page of ours, and not the answer of the provider once more.
  await his.keyboard.follow("English");
  await his.page.waitForURL(/\/sign-in(\?|$)/);
  expect(await his.page.locator("html").getAttribute("lang")).toBe("en");
});

story("somebody links what they are at another provider, and unlinks it", async ({ usher, person, lakeside }) => {
  const other = await ProviderSite.open(usher, `Hospital ${crypto.randomUUID().slice(0, 8)}`, bob());
  try {
    const his = await person("Bob");
    await his.open("/sign-in");
    await signInAt(lakeside, his);
    await his.keyboard.follow("Create an account");
    await his.page.waitForURL(/\/console\//);
    await his.open("/account");
    await his.open("/account/security");
    await signInBy(`Link ${other.name}`, his);
    await his.page.getByText("The account is linked, and signs you in from now on.").waitFor();
    await picture(his.page, "upstream/linked");
    await accessible(his.page);
    await his.page
      .getByRole("button", { name: /^Unlink/ })
      .first()
      .press("Enter");
    await his.page.getByText("The account is no longer linked.").waitFor();
  } finally {
    await other.close();
  }
});
