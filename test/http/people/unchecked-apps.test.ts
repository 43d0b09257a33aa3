import { describe, expect, it } from "vitest";
import { CodeApp, locationOf, saidIn } from "../../support/server/code-app.ts";
import { EmailPerson, lettersTo } from "../../support/server/letters.ts";
import { initialAccessToken, SelfRegistered } from "../../support/server/self-registered.ts";
import { expectStatus } from "../../support/server/world.ts";
import { mailWorld } from "../../support/workerd/mail-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = mailWorld();
/** What somebody would have this server write to others. */
const NAME = "Your bank. Call 0800 123 now, because your account";

/** An app that registered itself sends somebody here. @returns the page on which they sign in, and the letter for that */
async function signInFor(redirectUri: string) {
  const metadata = { client_name: NAME, redirect_uris: [redirectUri] };
  const { client } = await SelfRegistered.register(world, metadata, await initialAccessToken(world));
  const person = new EmailPerson(world.site);
  const page = await person.follow(CodeApp.of(world, client, redirectUri).path({ scope: "openid" }));
  const continuation = /continue=([^"&]+)/.exec(page.text)?.[1] ?? "";
  await person.askForCode(decodeURIComponent(continuation));
  const [letter] = await lettersTo(world.site, person.address);
  return { page: expectStatus(page, 200).text, letter: letter?.text ?? "no letter" };
}

describe("an app that nobody vouches for", () => {
  it("asks each time, as what people were shown of it is one of the places to which it sends them back", async () => {
    const [shown, other] = ["https://folio.example/cb", "https://evil.example/cb"];
    const metadata = { client_name: "Folio", redirect_uris: [shown, other] };
    const { client } = await SelfRegistered.register(world, metadata, await initialAccessToken(world));
    const browser = await (await Resident.settle()).browse(world.site);
    await CodeApp.of(world, client, shown).connect(browser, { scope: "openid" });
    for (const redirectUri of [shown, other]) {
      const app = CodeApp.of(world, client, redirectUri);
      expect((await app.ask(browser, app.path({ scope: "openid" }))).text).toContain(new URL(redirectUri).host);
      const silent = locationOf(await browser.open(app.path({ scope: "openid", prompt: "none" })));
      expect(saidIn(silent)).toMatchObject({ error: "consent_required" });
    }
  });

  it("has no page and no letter say its name where nothing marks it: its host is told", async () => {
    const { page, letter } = await signInFor("https://evil.example/cb");
    expect(page).toContain("evil.example");
    expect(letter).toContain("evil.example sent you there.");
    for (const text of [page, letter]) expect(text).not.toContain("0800");
  });

  it("is an app on the reader's device where it has no host", async () => {
    const { page, letter } = await signInFor("com.example.folio:/cb");
    expect(page).toMatch(/<h1>Sign in to go on to <bdi[^>]*>App on your device<\/bdi><\/h1>/);
    expect(letter).toContain(" App on your device sent you there.");
    for (const text of [page, letter]) expect(text).not.toContain("0800");
  });
});
