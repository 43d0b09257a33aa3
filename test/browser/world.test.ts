import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { HANDS, type Hands } from "../support/browser/hands.ts";
import { looksAt } from "../support/browser/looks-at.ts";
import type { Person } from "../support/browser/person.ts";
import { WITH_WORLD, worldStory } from "../support/browser/world-story.ts";
import { codeIn } from "../support/server/letters.ts";

const { signIn, signInEmail, signInCode, signUp, recoveryCodes, consent, connectedApps, claims } = en;

const WHO = "Who is asking? Sign in to go on";
const NEEDS_TO_KNOW = /Consult.* needs to know who you are/;
const NOBODY = "Nobody but you and the clinic can see your reports";

type Way = keyof typeof HANDS;
const WAYS: readonly Way[] = ["mouse", "keyboard"];

worldStory("the start page leads to both stories, and to where each begins", WITH_WORLD, async ({ sample, person }) => {
  const ana = await person("Ana");
  const sees = looksAt(ana, "world/start");
  await ana.open(sample.startPage.origin);
  await sees("Two people, and a report between them", "start");
  await ana.keyboard.follow("The owner's story");
  await sees("The owner's story", "owner");
  await ana.keyboard.follow("your reports at Lakeside Clinic");
  await sees(NOBODY, "clinic");
  await ana.open(`${sample.startPage.origin}/doctor`);
  await sees("The doctor's story", "doctor");
  await ana.keyboard.follow("Consult");
  await sees("Which report would you like to read?", "consult");
  expect((await ana.open(`${sample.startPage.origin}/nowhere`)).status()).toBe(404);
});

worldStory.for(WAYS)(
  "Ana connects the clinic, shares her reports and ends it, by %s",
  WITH_WORLD,
  async (way, { sample, person }) => {
    const [ana, doctor] = await Promise.all([person("Ana"), person("Doctor")]);
    const hands = HANDS[way](ana);
    const sees = eyes(ana, way, "owner");

    await ana.open(sample.records.origin);
    await ana.sees(NOBODY);
    await hands.press("Connect my Usher account");
    await sees(/Lakeside Clinic/, "sign-in");
    await hands.press(signIn.signUp);
    await sees(/Create an account/, "sign-up");
    await createAccount(hands, sees, "Ana Lindqvist");
    await sees(/Lakeside Clinic.* asks to be connected/, "consent");
    await hands.press(consent.allow);
    await sees(NOBODY, "connected");

    await hands.fill("Their email address", doctor.address);
    await hands.press("Share");
    await sees("You share some of your reports", "shared");
    expect(await ana.page.getByText(`${doctor.address} may view your lab reports until`).count()).toBe(1);

    const link = await ana.page.getByRole("link", { name: sample.consult.origin }).textContent();
    await doctor.open(link ?? "");
    await openReport(doctor, "Full blood count");
    await proveByCode(doctor, HANDS[way](doctor), doctor.sees.bind(doctor));
    await agree(HANDS[way](doctor));
    await doctor.sees("Full blood count");

    await hands.press("See all your connected apps at Usher");
    await sees(connectedApps.title(1), "apps");
    await hands.press(/^Disconnect\b/);
    await sees(connectedApps.title(0), "ended");

    // The clinic's tokens are good for nothing any more, and neither is the doctor's.
    await openReport(doctor, "Full blood count");
    await doctor.sees("That did not work");
    await ana.open(sample.records.origin);
    await sees(NOBODY, "clinic-knows");
    expect(await ana.page.getByText("You ended the connection to your Usher account").count()).toBe(1);
  },
);

worldStory.for(WAYS)(
  "a doctor without an identity provider shows Usher once who she is, by %s",
  WITH_WORLD,
  async (way, { sample, person }) => {
    const roth = await person("Dr. Roth", { viewport: "phone" });
    await sample.shareWith(roth.address);
    const hands = HANDS[way](roth);
    const sees = eyes(roth, way, "doctor");

    await roth.open(sample.consult.origin);
    await hands.press("MRI of the left knee");
    await proveByCode(roth, hands, sees);
    await showAndRead(roth, hands, sees);
  },
);

worldStory.for([
  { way: "mouse", name: "Dr. Bob", address: "bob@lakeside.example" },
  { way: "keyboard", name: "Mallory", address: "mallory@insurer.example" },
] as const)(
  "$name shows Usher once who they are, by an identity provider and the $way",
  WITH_WORLD,
  async ({ way, name, address }, { sample, person }) => {
    const guest = await person(name, { scheme: "dark" });
    await sample.shareWith(address);
    const hands = HANDS[way](guest);
    const sees = eyes(guest, way, "provider");

    await guest.open(sample.consult.origin);
    await hands.press("MRI of the left knee");
    await guest.sees(WHO);
    await hands.press("Show Usher who I am");
    await guest.sees(/Consult/);
    await hands.press("Continue with Lakeside ID");
    await sees("Who is signing in to Usher?", "at-the-provider");
    await hands.press(new RegExp(`^Continue as ${name}`));
    await sees("You have no account here yet", "newcomer");
    await hands.press("Create an account");
    await sees(NEEDS_TO_KNOW, "claims");
    await showAndRead(guest, hands, sees);
  },
);

worldStory(
  "Consult takes no answer but its own, and of whoever cancels learns no more",
  WITH_WORLD,
  async ({ sample, usher, person }) => {
    const roth = await person("Dr. Roth");
    await sample.shareWith(roth.address);
    await roth.open("/sign-up");
    const hands = HANDS.keyboard(roth);
    await createAccount(hands, roth.sees.bind(roth), "Dr. Miriam Roth");
    await roth.page.waitForURL(/\/console\//);
    await roth.open(sample.consult.origin);
    await hands.press("MRI of the left knee");
    await roth.sees(WHO);
    await hands.press("Show Usher who I am");
    await roth.sees(NEEDS_TO_KNOW);
    const forged = new URLSearchParams({ ticket: "mallorys", state: "guessed", iss: usher.issuer });
    await roth.open(`${sample.consult.origin}/claims-callback?${forged}`);
    await roth.sees("That did not work, and it was not you");
    await roth.page.goBack();
    await roth.sees(NEEDS_TO_KNOW);
    await hands.press(claims.cancel);
    await looksAt(roth, "world/cancelled")("You did not show who you are", "consult");
  },
);

type Sees = (heading: string | RegExp, step: string) => Promise<void>;

/** Waits for a page. It is the same by the keyboard, so one look at each is enough. */
function eyes(person: Person, way: Way, story: string): Sees {
  return way === "mouse" ? looksAt(person, `world/${story}`) : person.sees.bind(person);
}

/** From the page of a new account to where it was on the way to. */
async function createAccount(hands: Hands, sees: Sees, name: string): Promise<void> {
  await hands.fill(signUp.name, name);
  await hands.press(signUp.passkey);
  await sees(recoveryCodes.title, "recovery-codes");
  await hands.press(recoveryCodes.go);
}

/** From Consult, which wants to know who is there, to the claims page, by a code and a new account with a passkey. */
async function proveByCode({ address, mailbox }: Person, hands: Hands, sees: Sees): Promise<void> {
  await sees(WHO, "need-info");
  await hands.press("Show Usher who I am");
  await sees(/Consult/, "sign-in");
  await hands.press(signIn.email);
  await sees(signInEmail.title, "address");
  await hands.fill(signInEmail.address, address);
  await hands.press(signInEmail.send);
  await sees(signInCode.title, "code");
  await hands.fill(signInCode.code, codeIn(await mailbox.next()));
  await hands.press(signInCode.go);
  await sees(/Create an account/, "sign-up");
  await createAccount(hands, sees, "Dr. Miriam Roth");
  await sees(NEEDS_TO_KNOW, "claims");
}

async function agree(hands: Hands): Promise<void> {
  await hands.tick(/I agree to/);
  await hands.tick(/^Remember this for/);
  await hands.press(claims.go);
}

/** From the claims page to the report; and to the next one, for which nobody is asked any more. */
async function showAndRead({ page }: Person, hands: Hands, sees: Sees): Promise<void> {
  await agree(hands);
  await sees("MRI of the left knee", "report");
  expect(await page.getByText("Menisci and ligaments intact").count()).toBeGreaterThan(0);

  await hands.press("X-ray of the left hand");
  await sees("X-ray of the left hand", "next-time");
  expect(await page.getByText("whom Usher remembers for it").count()).toBe(1);
}

/** The first of that name: a patient's reports are listed before those of the clinic. */
async function openReport({ page }: Person, title: string): Promise<void> {
  await page.getByRole("button", { name: title }).first().click();
}
