import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import type { Person } from "../support/browser/person.ts";
import { ProviderSite } from "../support/browser/provider-site.ts";
import { story } from "../support/browser/story.ts";
import { SCRIPTLESS_PAGES } from "../support/pure/scriptless-pages.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { codeIn } from "../support/server/letters.ts";
import { Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";

/** Every page by keyboard alone and with script off, as far as no passkey is at stake. */

const { account, claims, confirm, connectedApps, consent, data, invitation, layout, problems, recoveryCodes } = en;
const { things, console: consoleWords } = en;
const { remembered, security, signIn, signInCode, signInEmail, signInRecovery, signUp, administrators, thing } = en;
const { groups } = en;
const { activity, notices, requests, share, sharedWithMe } = en;
const WITHOUT_SCRIPT = { script: false, viewport: "phone" } as const;

type Story = keyof typeof SCRIPTLESS_PAGES;

/** The pages that somebody has come by. */
class Tour {
  readonly #person: Person;
  readonly #seen = new Set<string>();

  constructor(person: Person) {
    this.#person = person;
  }

  async sees(heading: string | RegExp): Promise<void> {
    await this.#person.sees(heading);
    this.#seen.add(routeOf(new URL(this.#person.page.url()).pathname));
  }

  get seen(): readonly string[] {
    return [...this.#seen];
  }
}

/** The path as the app routes it: what stands for an owner, or for something of theirs, is any. */
function routeOf(path: string): string {
  const [, owner, rest = ""] = path.match(/^\/console\/([^/]+)(.*)$/) ?? [];
  if (owner === undefined) return path;
  return `/console/:owner${rest.replace(/\/(thing|request|group)s\/(?!new\b)[^/]+/, "/$1s/:$1")}`;
}

function expectAll(story: Story, ...tours: readonly Tour[]): void {
  const seen = tours.flatMap((tour) => tour.seen);
  for (const path of SCRIPTLESS_PAGES[story]) expect(seen).toContain(path);
}

/** From the page to sign in on to an account, by a code. */
async function signUpByCode(person: Person, tour = new Tour(person)): Promise<void> {
  await person.keyboard.follow(signIn.email);
  await enterCode(person, tour);
  await tour.sees(/Create an account/);
  await person.keyboard.fill(signUp.name, person.name);
  // Where an address is enough, nothing is said of passkeys.
  await person.keyboard.follow(new RegExp(`^(?:${signUp.withoutPasskey}|${signUp.go})$`));
}

async function enterCode(person: Person, tour: Tour): Promise<void> {
  await tour.sees(signInEmail.title);
  await person.keyboard.fill(signInEmail.address, person.address);
  await person.keyboard.follow(signInEmail.send);
  await tour.sees(signInCode.title);
  await person.keyboard.fill(signInCode.code, codeIn(await person.mailbox.next()));
  await person.keyboard.follow(signInCode.go);
}

story("whoever has an account sees to all of it", async ({ person }) => {
  const [ana, work] = [await person("Ana", WITHOUT_SCRIPT), await person("Ana at work")];
  const tour = new Tour(ana);
  const { keyboard } = ana;
  await ana.open("/sign-in");
  await tour.sees(signIn.title);
  await signUpByCode(ana, tour);
  await ana.sees(requests.waiting(0));
  await keyboard.follow(/Signed in as Ana/);
  await tour.sees(account.title(0));
  await keyboard.activate(account.rename);
  await keyboard.fill(account.name, "Ana María");
  await keyboard.follow(account.save);
  await ana.page.getByText(account.saved).waitFor();
  await ana.open("/account/security");
  await tour.sees(security.title(0, 1, 0));
  await keyboard.activate(security.addAddress);
  await keyboard.fill(security.address, work.address);
  await keyboard.follow(security.sendCode);
  await tour.sees(signInCode.title);
  await keyboard.fill(signInCode.code, codeIn(await work.mailbox.next()));
  await keyboard.follow(signInCode.go);
  await tour.sees(security.title(0, 2, 0));
  await keyboard.follow(security.newCodes);
  await tour.sees(confirm.questions.newRecoveryCodes.title);
  await keyboard.follow(confirm.questions.newRecoveryCodes.go);
  await tour.sees(recoveryCodes.title);
  const [code = ""] = await ana.page.locator("#codes code").allTextContents();
  await keyboard.follow(recoveryCodes.go);
  await tour.sees(security.title(0, 2, 0));
  await ana.open("/account/security/sessions/end-all");
  await tour.sees(confirm.questions.endAllSessions.title);
  await keyboard.follow(confirm.questions.endAllSessions.go);
  await tour.sees(security.title(0, 2, 0));
  await ana.open("/account/security/sessions/end-everywhere");
  await tour.sees(confirm.questions.endEverySession.title);
  await keyboard.follow(confirm.questions.endEverySession.go);
  await tour.sees(signIn.title);
  await keyboard.follow(signIn.recovery);
  await tour.sees(signInRecovery.title);
  await keyboard.fill(signInRecovery.code, code);
  await keyboard.follow(signInRecovery.go);
  await tour.sees(security.title(0, 2, 0));
  await ana.open("/logout");
  await tour.sees(confirm.questions.signOut.title);
  await keyboard.follow(confirm.cancel);
  await tour.sees(account.title(0));
  await ana.open("/account/data");
  await tour.sees(data.title);
  await keyboard.follow(data.removal.go);
  await tour.sees(data.deletion.title);
  await keyboard.follow(data.deletion.go);
  await ana.page.getByRole("alert").waitFor();
  await keyboard.toggle(data.deletion.sure);
  await keyboard.follow(data.deletion.go);
  await tour.sees(data.deleted.title);
  await keyboard.follow("Deutsch");
  expect(await ana.page.locator("html").getAttribute("lang")).toBe("de");
  await ana.open("/development/mailbox");
  await tour.sees(/\d/);
  expectAll("has an account", tour);
});

story("whoever connects an app ends it", async ({ usher, app, person }) => {
  const records = await CodeApp.register(new World(usher), {
    client_name: "Records",
    redirect_uris: [app.redirectUri],
  });
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open(records.path());
  await signUpByCode(ana);
  await tour.sees(/Records.* asks to be connected/);
  await ana.keyboard.follow(consent.refuse);
  await ana.sees("Back in the app");
  expect(app.callbacks.at(-1)?.get("error")).toBe("access_denied");
  await ana.open(records.path());
  await tour.sees(/Records.* asks to be connected/);
  await ana.keyboard.follow(consent.allow);
  await ana.sees("Back in the app");
  const { body } = await records.redeem(app.callbacks.at(-1)?.get("code") ?? "");
  await ana.open("/account/apps");
  await tour.sees(connectedApps.title(1));
  await ana.keyboard.follow(new RegExp(`^${connectedApps.end}`));
  await tour.sees(connectedApps.title(0));
  expect(await records.isTaken(body.access_token)).toBe(false);
  expectAll("connects an app", tour);
});

story("whoever shows an app who they are, in two tabs, and has it forgotten", async ({ usher, app, person }) => {
  const scene = await Scene.open(new World(usher));
  const terms = { agreement: { title: "House rules", text: "What you see here stays here." } };
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", exists: true }, { terms });
  const consult = await scene.world.client({ client_name: "Consult", claims_redirect_uris: [app.redirectUri] });
  const sent = (ticket: string) => `/claims?${new URLSearchParams({ client_id: consult.id, ticket, state: "s" })}`;
  const roth = await person("Dr. Roth", WITHOUT_SCRIPT);
  const tour = new Tour(roth);
  const path = sent(await scene.ticket(photo));
  await roth.open(path);
  await signUpByCode(roth);
  await tour.sees(/Consult.* needs to know who you are/);
  const second = await roth.context.newPage();
  await second.goto(usher.issuer + path);
  expect(await second.getByRole("heading", { level: 1 }).textContent()).toMatch(/Consult/);
  // What has to be agreed to is said where it was not.
  await roth.keyboard.follow(claims.go);
  await tour.sees(/Consult.* needs to know who you are/);
  await roth.page.getByRole("alert").waitFor();
  await roth.keyboard.toggle(/I agree to/);
  await roth.keyboard.toggle(/^Remember this for/);
  await roth.keyboard.follow(claims.go);
  await roth.sees("Back in the app");
  const back = app.callbacks.at(-1);
  expect(back?.get("state")).toBe("s");
  const granted = await scene.redeemAs(consult, back?.get("ticket") ?? "");
  expect([granted.status, typeof granted.body.pct]).toEqual([200, "string"]);
  // The second tab comes too late, and a ticket that was used leads nowhere by itself.
  await second.reload();
  expect(await second.getByRole("heading", { level: 1 }).textContent()).toBe(problems.linkUsed.title);
  await second.close();
  await roth.open(`/claims?${new URLSearchParams({ client_id: "unknown", ticket: "none" })}`);
  await tour.sees(problems.appUnknown.title);
  await roth.open("/account/remembered");
  await tour.sees(remembered.title(1));
  await roth.keyboard.follow(new RegExp(`^${remembered.forget}`));
  await tour.sees(remembered.title(0));
  await roth.open("/account/shared");
  await tour.sees(sharedWithMe.noneTitle);
  const late = await scene.redeemAs(consult, await scene.ticket(photo), { pct: String(granted.body.pct) });
  expect(late.body.error).toBe("need_info");
  expectAll("shows an app who they are", tour);
});

/** A group with one person in it, who leaves it again. */
async function makeGroup({ keyboard, page }: Person, tour: Tour): Promise<void> {
  await keyboard.follow(en.console.places.groups);
  await tour.sees(groups.title(0));
  await keyboard.fill(groups.name, "Doctors");
  await keyboard.follow(groups.make);
  await tour.sees("Doctors");
  await keyboard.fill(groups.address, "roth@example.org");
  await keyboard.follow(groups.add);
  await page.getByText(groups.notices.added).waitFor();
  await keyboard.follow(new RegExp(`^${groups.remove}`));
  await page.getByText(groups.notices.removed).waitFor();
}

story("whoever acts for an organisation invites another, who declines", async ({ usher, person }) => {
  const clinic = await Organization.found(new World(usher), "Lakeside Clinic");
  const [ana, ben] = [await person("Ana", WITHOUT_SCRIPT), await person("Ben", WITHOUT_SCRIPT)];
  const [tour, his] = [new Tour(ana), new Tour(ben)];
  await ana.open(await clinic.invite());
  await tour.sees(/^You are invited to act for/);
  await ana.keyboard.follow(invitation.accept);
  await signUpByCode(ana);
  await tour.sees(/^You are invited to act for/);
  await ana.keyboard.follow(invitation.accept);
  await tour.sees(/acts for Lakeside Clinic/);
  await ana.keyboard.fill(administrators.address, ben.address);
  await ana.keyboard.follow(administrators.send);
  await ana.page.getByText(administrators.notices.invited).waitFor();
  await ben.open((await ben.mailbox.next()).text.match(/http\S+/)?.[0] ?? "");
  await his.sees(/^You are invited to act for/);
  await ben.keyboard.follow(invitation.decline);
  await his.sees(invitation.declined);
  await ana.open(`/console/${clinic.id}`);
  await tour.sees(requests.waiting(0));
  await makeGroup(ana, tour);
  await ben.open("/invitations");
  await his.sees(problems.invitationClosed.title);
  expectAll("acts for an organisation", tour, his);
  expectAll("keeps a group", tour);
});

story("whoever acts for an organisation shares a thing of it, and thinks better of it", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  await scene.resource(["view", "download"], { name: "Lab results" });
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open(await new Organization(world, scene.cast.alice).invite());
  await ana.keyboard.follow(invitation.accept);
  await signUpByCode(ana);
  await ana.keyboard.follow(invitation.accept);
  await ana.open(`/console/${scene.cast.alice}`);
  await ana.keyboard.follow(/^Lab results/);
  await ana.keyboard.follow(thing.share);
  await tour.sees("Share Lab results");
  await ana.keyboard.follow(share.go);
  await tour.sees("Share Lab results");
  await ana.page.getByRole("alert").getByText(share.errors.address).waitFor();
  await ana.keyboard.fill(share.address, "roth@example.com");
  await ana.keyboard.toggle("download");
  await ana.keyboard.follow(share.go);
  await tour.sees(share.review.title);
  await ana.page.getByText("roth@example.com can view and download Lab results.").waitFor();
  await ana.keyboard.follow(share.review.share);
  await ana.page.getByText(share.notices.shared).waitFor();
  await ana.keyboard.follow(share.notices.undo);
  await ana.page.getByText(share.notices.undone).waitFor();
  expectAll("shares a thing", tour);
});

story("whoever shares a thing ends it again", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  const photo = await scene.resource(["view"], { name: "Holiday" });
  await scene.permit(photo, ["view"]);
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open(await new Organization(world, scene.cast.alice).invite());
  await ana.keyboard.follow(invitation.accept);
  await signUpByCode(ana);
  await ana.keyboard.follow(invitation.accept);
  await ana.open(`/console/${scene.cast.alice}`);
  await ana.keyboard.follow(consoleWords.places.things);
  await tour.sees("What alice has");
  await ana.keyboard.fill(things.search, "holi");
  await ana.keyboard.follow(things.show);
  await ana.keyboard.follow(/^Holiday/);
  await tour.sees("Holiday");
  await ana.page.getByText("bob@example.com can see this.").waitFor();
  await ana.keyboard.follow(`${thing.end.here} bob@example.com`);
  await ana.page.getByText(thing.notices.ended).waitFor();
  await ana.keyboard.follow(en.console.places.activity);
  await tour.sees(activity.title);
  await ana.keyboard.activate(activity.narrow);
  await ana.keyboard.choose(activity.shows.changes, activity.shows.everything);
  await ana.keyboard.follow(activity.find);
  await tour.sees(activity.title);
  await ana.page.getByText(activity.byYou).first().waitFor();
  expectAll("ends a share", tour);
});

story("whoever is asked decides, all at once or bit by bit", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  const photo = await scene.resource(["view", "print"], { name: "Holiday" });
  await scene.permit(photo, ["view", "print"], undefined, { terms: { approval: true } });
  const ask = async (...scopes: readonly string[]) =>
    scene.redeem(await scene.ticket(photo, scopes), { idToken: await scene.bob() });
  await ask("view");
  await ask("view", "print");
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open(await new Organization(world, scene.cast.alice).invite());
  await ana.keyboard.follow(invitation.accept);
  await signUpByCode(ana);
  await ana.keyboard.follow(invitation.accept);
  await ana.open(`/console/${scene.cast.alice}/requests`);
  await tour.sees(requests.waiting(2));
  await ana.keyboard.follow(new RegExp(`^${requests.choose}.*print`));
  await tour.sees(/asks to view and print Holiday\.$/);
  await ana.keyboard.toggle("print");
  await ana.keyboard.choose(requests.untils.week, requests.untils.always);
  await ana.keyboard.fill(requests.word, "Look, but do not print.");
  await ana.keyboard.follow(requests.allowChosen);
  await ana.page.getByText(requests.notices.approved).waitFor();
  expect((await ask("view", "print")).status).toBe(200);
  await ana.keyboard.follow(requests.seeWaiting);
  await tour.sees(requests.waiting(1));
  await ana.keyboard.follow(new RegExp(`^${requests.refuse}`));
  await ana.page.getByText(requests.notices.refused).waitFor();
  await ana.open(`/console/${scene.cast.alice}/decided`);
  await tour.sees(requests.decided);
  expectAll("decides a request", tour);
});

story("whoever is written to that somebody waits has enough of it", async ({ usher, person }) => {
  const world = new World(usher);
  const scene = await Scene.open(world);
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open(await new Organization(world, scene.cast.alice).invite());
  await ana.keyboard.follow(invitation.accept);
  await signUpByCode(ana);
  await ana.keyboard.follow(invitation.accept);
  const photo = await scene.resource(["view"]);
  await scene.permit(photo, ["view"], undefined, { terms: { approval: true } });
  await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
  const { text } = await ana.mailbox.next();
  expect(text).toContain("bob@example.com");
  await ana.open(text.match(/http\S+\/notices\/stop\S*/)?.[0] ?? "");
  await tour.sees(notices.stop.title);
  await ana.keyboard.follow(notices.stop.go);
  await tour.sees(notices.stop.doneTitle);
  await ana.keyboard.follow(notices.stop.keep);
  await tour.sees(notices.title(3));
  expect(await ana.page.getByLabel(notices.kinds.request_waiting.label).isChecked()).toBe(false);
  await ana.keyboard.toggle(notices.kinds.week.label);
  await ana.keyboard.follow(notices.save);
  await ana.page.getByText(notices.saved).waitFor();
  expectAll("is written to", tour);
});

story("whoever makes an app reads what is chosen here, and what refusals mean", async ({ person }) => {
  const ana = await person("Ana", WITHOUT_SCRIPT);
  const tour = new Tour(ana);
  await ana.open("/profile");
  await tour.sees("Profiles");
  await ana.keyboard.follow("Why was I refused?");
  await tour.sees("Why was I refused?");
  expectAll("makes an app", tour);
});

story(
  "whoever comes from a provider makes an account, and is told what went wrong there",
  async ({ usher, person }) => {
    const sub = `cleo-${crypto.randomUUID()}`;
    const site = await ProviderSite.open(usher, `Lakeside ${sub.slice(5, 13)}`, { sub, name: "Cleo" });
    try {
      const cleo = await person("Cleo", WITHOUT_SCRIPT);
      const tour = new Tour(cleo);
      const signInThere = async () => {
        await cleo.open("/sign-in");
        await cleo.keyboard.activate(`Continue with ${site.name}`);
        await cleo.sees("Who are you?");
        await cleo.keyboard.activate("It is me");
      };
      await signInThere();
      await tour.sees(en.upstream.newcomer.title);
      await cleo.keyboard.activate(en.upstream.newcomer.go);
      await cleo.sees(requests.waiting(0));
      await cleo.keyboard.follow(layout.signOut);
      site.provider.twists = { answer: (back) => back.set("error", "access_denied") };
      await signInThere();
      await tour.sees(/You did not sign in with/);
      expectAll("comes from a provider", tour);
    } finally {
      await site.close();
    }
  },
);
