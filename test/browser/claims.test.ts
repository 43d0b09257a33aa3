import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { plain } from "../../src/pages/words/said.ts";
import { accessible } from "../support/browser/accessible.ts";
import type { AppSite } from "../support/browser/app-site.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { signInByCode } from "../support/browser/sign-in-by-code.ts";
import { story as anyStory } from "../support/browser/story.ts";
import { Scene } from "../support/server/scene.ts";
import { type Credentials, text, World } from "../support/server/world.ts";

const { claims, signIn, signUp, remembered, problems } = en;
const RULES = { title: "House rules", text: "What you see here stays here.\n\nAsk if in doubt." };

/** A clinic that shows a scan to whoever has an address and keeps its rules, and an app that asks for it. */
class Clinic {
  readonly scene: Scene;
  readonly consult: Credentials;
  readonly #app: AppSite;
  readonly #scan: string;

  private constructor(scene: Scene, consult: Credentials, app: AppSite, scan: string) {
    this.scene = scene;
    this.consult = consult;
    this.#app = app;
    this.#scan = scan;
  }

  static async open(world: World, app: AppSite): Promise<Clinic> {
    const scene = await Scene.open(world, { client_name: "Lakeside Clinic" });
    const scan = await scene.resource(["view", "download"], { name: "Scan of a knee", type: "scan" });
    const who = { claim: "email", exists: true };
    await scene.permit(scan, ["view", "download"], who, { terms: { agreement: RULES } });
    const consult = await world.client({ client_name: "Consult", claims_redirect_uris: [app.redirectUri] });
    return new Clinic(scene, consult, app, scan);
  }

  /** What the app is answered when it asks with what it has. */
  async ask(extras: Readonly<Record<string, string>> = {}) {
    return this.scene.redeemAs(this.consult, await this.scene.ticket(this.#scan, ["view"]), extras);
  }

  /** The app sends somebody's browser here. */
  async send(person: Person): Promise<string> {
    const asked = await this.ask();
    const query = { client_id: this.consult.id, ticket: text(asked, "ticket"), state: "s" };
    const url = `${text(asked, "redirect_user")}?${new URLSearchParams(query)}`;
    await person.open(url);
    return url;
  }

  /** What the app gets for what somebody brought back last. */
  async trade() {
    const back = this.#app.callbacks.at(-1) ?? new URLSearchParams();
    return { back, answer: await this.scene.redeemAs(this.consult, back.get("ticket") ?? "") };
  }
}

const story = anyStory.extend("clinic", ({ usher, app }) => Clinic.open(new World(usher), app));

/** Makes an account by a code, on the way. */
async function joinByCode(person: Person): Promise<void> {
  await signInByCode(person);
  await person.keyboard.fill(signUp.name, "Dr. Roth");
  await person.keyboard.follow(signUp.go);
}

const title = plain(claims.title("Consult"));

story("a doctor without any provider shows who she is, agrees, and is not asked again", async ({ person, clinic }) => {
  const roth = await person("Dr. Roth", { viewport: "phone", script: false });
  await clinic.send(roth);
  await roth.sees(plain(signIn.titleFor("Consult")));
  await picture(roth.page, "claims/sign-in");
  await joinByCode(roth);
  await roth.sees(title);
  await accessible(roth.page);
  await picture(roth.page, "claims/asked");
  await roth.keyboard.activate(claims.go);
  await roth.sees(title);
  roth.complaints.take(/400/);
  await accessible(roth.page);
  await picture(roth.page, "claims/not-agreed");
  await roth.keyboard.toggle(plain(claims.agree(RULES.title)));
  await roth.keyboard.toggle(plain(claims.remember("Consult")));
  await roth.keyboard.follow(claims.go);
  await roth.sees("Back in the app");
  const { back, answer } = await clinic.trade();
  expect([back.get("state"), answer.status]).toEqual(["s", 200]);
  const pct = text(answer, "pct");
  expect((await clinic.ask({ pct })).status).toBe(200);
  await roth.open("/account/remembered");
  await accessible(roth.page);
  await picture(roth.page, "claims/remembered");
  await roth.page.getByRole("button", { name: new RegExp(`^${remembered.forget}`) }).press("Enter");
  await roth.sees(remembered.title(0));
  expect((await clinic.ask({ pct })).body.error).toBe("need_info");
});

story("whoever cancels goes back, and the app learns no more than that", async ({ person, clinic, app }) => {
  const roth = await person("Dr. Roth", { scheme: "dark" });
  const url = await clinic.send(roth);
  await joinByCode(roth);
  await roth.sees(title);
  await picture(roth.page, "claims/in-the-dark");
  const second = await roth.context.newPage();
  await second.goto(url);
  await second.getByRole("heading", { name: title }).waitFor();
  await roth.keyboard.follow(claims.cancel);
  await roth.sees("Back in the app");
  expect(Object.fromEntries(app.callbacks.at(-1) ?? [])).toMatchObject({ error: "access_denied", state: "s" });
  await second.getByRole("button", { name: claims.go }).press("Enter");
  await second.getByRole("heading", { name: problems.linkUsed.title }).waitFor();
  roth.complaints.take(/400/);
  await accessible(second);
  await picture(second, "claims/over");
});

story("a ticket that is no good ends on a page with a way back", async ({ person, clinic, app }) => {
  const roth = await person("Dr. Roth");
  const query = new URLSearchParams({ client_id: clinic.consult.id, ticket: "none", state: "s" });
  await roth.open(`/claims?${query}`);
  await roth.sees(problems.linkUnknown.title);
  roth.complaints.take(/400/);
  await accessible(roth.page);
  await picture(roth.page, "claims/no-ticket");
  await roth.page.getByRole("link", { name: plain(en.layout.backTo("Consult")) }).click();
  await roth.sees("Back in the app");
  expect(Object.fromEntries(app.callbacks.at(-1) ?? [])).toMatchObject({ error: "invalid_request", state: "s" });
});
