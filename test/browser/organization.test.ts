import { expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import { picture } from "../support/browser/picture.ts";
import { signUp } from "../support/browser/sign-up.ts";
import { story } from "../support/browser/story.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { Organization } from "../support/server/organization.ts";
import { World } from "../support/server/world.ts";

const INVITED = /^You are invited to act for/;

story(
  "an organisation's first administrator comes by an invitation, and connects an app on its behalf, by keyboard alone",
  async ({ usher, app, person }) => {
    const world = new World(usher);
    const clinic = await Organization.found(world, "Lakeside Clinic");
    const ana = await person("Ana", { viewport: "phone" });
    await ana.open(await clinic.invite());
    await ana.sees(INVITED);
    expect(ana.page.url()).toBe(`${usher.issuer}/invitations`);
    await accessible(ana.page);
    await picture(ana.page, "organization/1-invitation");
    await ana.keyboard.follow("Accept");
    await signUp(ana);
    await ana.sees(INVITED);
    await picture(ana.page, "organization/2-invitation-signed-in");
    await ana.keyboard.follow("Accept");
    await ana.sees("One person acts for Lakeside Clinic.");
    await accessible(ana.page);
    await picture(ana.page, "organization/3-administrators");
    const records = await CodeApp.register(world, { client_name: "Clinic Records", redirect_uris: [app.redirectUri] });
    await ana.open(records.path());
    await ana.sees("Clinic Records asks to be connected to you.");
    await ana.keyboard.choose("Lakeside Clinic", /^Yourself/);
    await accessible(ana.page);
    await picture(ana.page, "organization/4-consent");
    await ana.keyboard.follow("Allow");
    await ana.sees("Back in the app");
    const tokens = await records.redeem(app.callbacks.at(-1)?.get("code") ?? "");
    expect(await records.isTaken(tokens.body.access_token)).toBe(true);
    const { body } = await world.admin("GET", `/owners/${clinic.id}/connections`);
    expect(body.items).toMatchObject([{ client_id: records.client.id, scopes: ["uma_protection"] }]);
    await ana.open(`/console/${clinic.id}/apps`);
    await ana.sees("One app acts for Lakeside Clinic.");
    await accessible(ana.page);
    await picture(ana.page, "organization/5-apps");
  },
);

story("an administrator invites another by mail, who comes without script and a passkey", async ({ usher, person }) => {
  const clinic = await Organization.found(new World(usher), "Lakeside Clinic");
  const [ana, ben] = [await person("Ana"), await person("Ben", { script: false, viewport: "phone", scheme: "dark" })];
  await ana.open(await clinic.invite());
  await ana.keyboard.follow("Accept");
  await signUp(ana);
  await ana.keyboard.follow("Accept");
  await ana.keyboard.fill("Email address", ben.address);
  await ana.keyboard.follow("Send the invitation");
  await ana.page.getByText("The invitation is on its way.").waitFor();
  expect(await ana.page.getByText(ben.address).count()).toBeGreaterThan(0);
  await accessible(ana.page);
  await picture(ana.page, "organization/6-invited");
  const letter = await ben.mailbox.next();
  expect(letter.subject).toBe("You are invited to act for Lakeside Clinic");
  await ben.open(letter.text.match(/http\S+/)?.[0] ?? "");
  await ben.sees(INVITED);
  await ben.page.getByText("Ana invited you.").waitFor();
  await accessible(ben.page);
  await ben.keyboard.follow("Accept");
  await ben.keyboard.follow("Send me a code by email");
  await ben.keyboard.fill("Email address", ben.address);
  await ben.keyboard.follow("Send the code");
  const code = (await ben.mailbox.next()).text.match(/\d{4} \d{4}/)?.[0] ?? "";
  await ben.keyboard.fill("Code", code);
  await ben.keyboard.follow("Go on");
  await ben.keyboard.follow("Go on without a passkey");
  await ben.sees(INVITED);
  await ben.keyboard.follow("Accept");
  await ben.sees("2 people act for Lakeside Clinic.");
  await picture(ben.page, "organization/7-assistant");
  await ana.open(clinic.page);
  await ana.keyboard.follow(/^End/);
  await ana.sees("One person acts for Lakeside Clinic.");
  expect((await ben.open(clinic.page)).status()).toBe(404);
  await ben.sees("You do not act for this organisation.");
  await accessible(ben.page);
  await picture(ben.page, "organization/8-ended");
});
