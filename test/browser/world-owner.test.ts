import { expect } from "vitest";
import { HANDS } from "../support/browser/hands.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import { WITH_WORLD, worldStory } from "../support/browser/world-story.ts";

const NOBODY = "Nobody but you and the clinic can see your reports";

for (const way of ["mouse", "keyboard"] as const) {
  worldStory(
    `Ana connects the clinic, shares her reports and ends it, by ${way}`,
    WITH_WORLD,
    async ({ sample, person }) => {
      const [ana, doctor] = await Promise.all([person("Ana"), person("Doctor")]);
      const hands = HANDS[way](ana);
      // The pages are the same by the keyboard, so one look at each is enough.
      const sees = way === "mouse" ? looksAt(ana, "world-owner") : ana.sees.bind(ana);

      await ana.open(sample.records.origin);
      await ana.sees(NOBODY);
      await hands.press("Connect my Usher account");
      await sees(/Lakeside Clinic/, "sign-in");
      await hands.press("Create an account");
      await sees(/Create an account/, "sign-up");
      await hands.fill("What should others call you?", "Ana Lindqvist");
      await hands.press("Create a passkey");
      await sees(/recovery codes/i, "recovery-codes");
      await hands.press("I have kept them");
      await sees(/Lakeside Clinic asks/, "consent");
      await hands.press("Allow");
      await sees(NOBODY, "connected");

      await hands.fill("Their e-mail address They have to show that it is theirs.", doctor.address);
      await hands.press("Share");
      await sees("You share some of your reports", "shared");
      expect(await ana.page.getByText(`${doctor.address} may view your lab reports until`).count()).toBe(1);

      // The clinic asks Usher for a ticket with Ana's consent, so that somebody can be asked who they are.
      const link = await ana.page.getByRole("link", { name: sample.consult.origin }).textContent();
      await doctor.open(link ?? "");
      await doctor.page.getByRole("button", { name: "Full blood count" }).first().click();
      await doctor.sees(/Who is asking|This stays closed/);

      await hands.press("See all your connected apps at Usher");
      await sees("One app acts for you.", "apps");
      await hands.press(/^End\b/);
      await sees("No app acts for you.", "ended");

      // Neither access token nor refresh token of the clinic is good for anything any more.
      await doctor.page.getByRole("button", { name: "Full blood count" }).first().click();
      await doctor.sees("That did not work");
      await ana.open(sample.records.origin);
      await sees(NOBODY, "clinic-knows");
      const told = ana.page.getByText("You ended the connection to your Usher account");
      await expect(told.count()).resolves.toBe(1);
    },
  );
}
