import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { HANDS } from "../support/browser/hands.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import { WITH_WORLD, worldStory } from "../support/browser/world-story.ts";
import { codeIn } from "../support/server/letters.ts";

const { signIn, signInEmail, signInCode, signUp, recoveryCodes, claims } = en;

for (const way of ["mouse", "keyboard"] as const) {
  worldStory(
    `a doctor without an identity provider shows Usher once who she is, by ${way}`,
    WITH_WORLD,
    async ({ sample, person }) => {
      const roth = await person("Dr. Roth", { viewport: "phone" });
      await sample.shareWith(roth.address);
      const hands = HANDS[way](roth);
      // The pages are the same by the keyboard, so one look at each is enough.
      const sees = way === "mouse" ? looksAt(roth, "world-doctor") : roth.sees.bind(roth);

      await roth.open(sample.consult.origin);
      await hands.press("MRI of the left knee");
      await sees("Who is asking? Sign in to go on", "need-info");
      await hands.press("Show Usher who I am");
      await sees(/Consult/, "sign-in");
      await hands.press(signIn.email);
      await sees(signInEmail.title, "address");
      await hands.fill(signInEmail.address, roth.address);
      await hands.press(signInEmail.send);
      await sees(signInCode.title, "code");
      await hands.fill(signInCode.code, codeIn(await roth.mailbox.next()));
      await hands.press(signInCode.go);
      await sees(/Create an account/, "sign-up");
      await hands.fill(signUp.name, "Dr. Miriam Roth");
      await hands.press(signUp.passkey);
      await sees(recoveryCodes.title, "recovery-codes");
      await hands.press(recoveryCodes.go);
      await sees(/Consult.* needs to know who you are/, "claims");
      await hands.tick(/I agree to/);
      await hands.tick(/^Remember this for/);
      await hands.press(claims.go);
      await sees("MRI of the left knee", "report");
      expect(await roth.page.getByText("Menisci and ligaments intact").count()).toBeGreaterThan(0);

      await hands.press("X-ray of the left hand");
      await sees("X-ray of the left hand", "next-time");
      expect(await roth.page.getByText("whom Usher remembers for it").count()).toBe(1);
    },
  );
}
