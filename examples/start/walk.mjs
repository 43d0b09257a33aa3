import { Browser } from "./browser.mjs";
import { shareWithBob, shareWithGuest } from "./shares.mjs";
import { SharingDesk } from "./sharing-desk.mjs";
import { plain, tellScene, tellStep } from "./terminal.mjs";

/**
 * The first flow, walked over real HTTP: a headless browser presses Consult's buttons, and Consult tells what it did.
 * The flow itself lives in examples/client/src; here are only the plot and what must come of it.
 */

const REPORT = { report: "blood-count" };
const NEEDS_TO_KNOW = ["challenge", "need_info", "sign_in"];

/** @throws Error at the first step that did not go as it must. */
export async function walk(settings, world) {
  const desk = new SharingDesk(settings.usher.origin, world.desk);
  const policy = shareWithBob(settings.identityProvider.origin, new Date());
  const shared = await desk.share(policy);
  await desk.share(shareWithGuest(new Date()));
  plain();
  plain(`Lakeside Clinic shares. ${shared.sentence}`);
  const visit = new Visit(settings.consult.origin);

  tellScene("Somebody opens a lab report in Consult, without saying who they are");
  await visit.press("/open", REPORT, NEEDS_TO_KNOW);

  tellScene("It is Mallory from the insurer, who signs in");
  await visit.signIn("mallory", ["claims_pushed", "refused request_denied"]);

  tellScene("Dr. Bob tries, and signs in");
  await visit.press("/sign-out", {}, []);
  await visit.press("/open", REPORT, NEEDS_TO_KNOW);
  await visit.signIn("bob", ["claims_pushed", "granted", "document"]);

  tellScene("Dr. Bob tries to change the report, which nobody allowed");
  await visit.press("/change", { ...REPORT, text: "All is well." }, ["challenge", "refused request_denied"]);

  tellScene("The ticket of that attempt is shown to Usher once more");
  await visit.press("/replay", {}, ["refused invalid_grant"]);

  tellScene("The clinic withdraws what it shared; Dr. Bob's RPT has minutes to live, and opens nothing any more");
  await desk.withdraw(shared.policy_id);
  await visit.press("/open", REPORT, ["challenge", "refused request_denied"]);

  await desk.share(policy);
  plain();
  plain("The clinic shares again, so that you can try it yourself.");
}

/** One browser at Consult. */
class Visit {
  #browser = new Browser();
  #consult;
  #told = [];

  constructor(consult) {
    this.#consult = consult;
  }

  async press(path, fields, expected) {
    await this.#browser.submit(this.#consult + path, fields);
    this.#told = [];
    await this.#tellNews(expected);
  }

  /** Consult sends the browser to the identity provider, whose page asks who it is, and from there back. */
  async signIn(person, expected) {
    const page = await this.#browser.submit(`${this.#consult}/sign-in`, {});
    await this.#browser.submit(page.url, { person });
    await this.#tellNews(expected);
  }

  async #tellNews(expected) {
    const { response } = await this.#browser.get(`${this.#consult}/story`);
    const { steps } = await response.json();
    const news = steps.slice(this.#told.length);
    this.#told = steps;
    for (const step of news) tellStep(step);
    checkSteps(news, expected);
  }
}

/** An expectation is the kind of the step; for a refusal, also the error. */
function checkSteps(steps, expected) {
  const matches = (step, [kind, error]) => step.kind === kind && (!error || step.wire.includes(` ${error}`));
  const asExpected =
    steps.length === expected.length && expected.every((words, index) => matches(steps[index], words.split(" ")));
  if (asExpected) return;
  const seen = steps.map((step) => `${step.kind} (${step.wire})`).join(", ");
  throw new Error(`expected ${expected.join(", ") || "nothing"}, but there was: ${seen || "nothing"}`);
}
