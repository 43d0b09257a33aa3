import { expect } from "vitest";
import { en } from "../../src/pages/words/en.ts";
import { accessible } from "../support/browser/accessible.ts";
import type { AppSite } from "../support/browser/app-site.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { signInByCode } from "../support/browser/sign-in-by-code.ts";
import { joinByCode } from "../support/browser/sign-up.ts";
import { story as anyStory } from "../support/browser/story.ts";
import { Organization } from "../support/server/organization.ts";
import { REQUEST_SUBMITTED, Scene } from "../support/server/scene.ts";
import { type Credentials, text, World } from "../support/server/world.ts";

const { claims, requests, signUp } = en;

/** A clinic of which somebody decides who may see its records, and an app by which a doctor asks. */
class Clinic {
  readonly scene: Scene;
  readonly consult: Credentials;
  readonly #app: AppSite;
  readonly #record: string;

  private constructor(scene: Scene, consult: Credentials, app: AppSite, record: string) {
    this.scene = scene;
    this.consult = consult;
    this.#app = app;
    this.#record = record;
  }

  static async open(world: World, app: AppSite): Promise<Clinic> {
    const scene = await Scene.open(world, { client_name: "Lakeside Records" });
    const record = await scene.resource(["view", "download"], { name: "Blood count", type: "lab-result" });
    await scene.permit(record, ["view", "download"], { claim: "email", exists: true }, { terms: { approval: true } });
    const consult = await world.client({ client_name: "Consult", claims_redirect_uris: [app.redirectUri] });
    return new Clinic(scene, consult, app, record);
  }

  ticket(): Promise<string> {
    return this.scene.ticket(this.#record, ["view", "download"]);
  }

  /** The app sends the doctor here to say who she is, and goes on with what she brings back. */
  async introduce(doctor: Person) {
    const asked = await this.scene.redeemAs(this.consult, await this.ticket());
    const query = { client_id: this.consult.id, ticket: text(asked, "ticket"), state: "s" };
    await doctor.open(`${text(asked, "redirect_user")}?${new URLSearchParams(query)}`);
    await signInByCode(doctor);
    await doctor.keyboard.fill(signUp.name, doctor.name);
    await doctor.keyboard.follow(signUp.go);
    await doctor.keyboard.follow(claims.go);
    await doctor.sees("Back in the app");
    return this.poll(this.#app.callbacks.at(-1)?.get("ticket") ?? "");
  }

  poll(ticket: string) {
    return this.scene.redeemAs(this.consult, ticket);
  }
}

const story = anyStory.extend("clinic", ({ usher, app }) => Clinic.open(new World(usher), app));

/** Somebody who acts for the owner, with an account of her own. @returns the path of what waits for them */
async function administer(person: Person, scene: Scene): Promise<string> {
  await joinByCode(person, new Organization(scene.world, scene.cast.alice));
  return `/console/${scene.cast.alice}/requests`;
}

story(
  "a second doctor waits, is allowed less and for a week, and shut out while her page is open",
  { timeout: 120_000 },
  async ({ person, clinic }) => {
    const { scene } = clinic;
    const roth = await person("Dr. Roth", { viewport: "phone" });
    const waiting = await clinic.introduce(roth);
    expect(waiting).toMatchObject(REQUEST_SUBMITTED);

    const ana = await person("Ana");
    const path = await administer(ana, scene);
    await ana.open(path);
    await ana.sees(requests.waiting(1));
    await ana.page
      .getByText(/Dr\. Roth asks to view and download Blood count/)
      .first()
      .waitFor();
    await accessible(ana.page);
    await picture(ana.page, "approvals/waiting");

    await ana.keyboard.follow(new RegExp(`^${requests.choose}`));
    await ana.sees(/asks to view and download Blood count\.$/);
    await accessible(ana.page);
    await picture(ana.page, "approvals/request");
    await ana.keyboard.toggle("download");
    await ana.keyboard.choose(requests.untils.week, requests.untils.always);
    await ana.keyboard.fill(requests.word, "Please view it only here.");
    await ana.keyboard.follow(requests.allowChosen);
    await ana.sees(/^You let Dr\. Roth view Blood count\.$/);
    await accessible(ana.page);
    await picture(ana.page, "approvals/allowed");

    const granted = await clinic.poll(text(waiting, "ticket"));
    expect(granted.status).toBe(200);
    expect(Object.values(await scene.granted(granted))).toEqual([["view"]]);
    const { permissions } = await scene.introspect(granted.body.access_token);
    const [{ exp = 0 } = {}] = permissions as readonly { readonly exp?: number }[];
    expect(exp - Date.now() / 1_000).toBeLessThan(7 * 86_400);

    await ana.keyboard.follow(requests.end);
    await ana.page.getByText(requests.notices.ended).waitFor();
    await picture(ana.page, "approvals/ended");
    // Her page is still open: the next click is refused, and a new attempt is put to the owner anew.
    expect(await scene.introspect(granted.body.access_token)).toEqual({ active: false });
    expect((await scene.refresh(clinic.consult, granted.body.refresh_token)).status).toBe(400);
  },
);

story("a doctor who is refused is told so, with a word", async ({ person, clinic }) => {
  const roth = await person("Dr. Roth", { viewport: "phone" });
  const waiting = await clinic.introduce(roth);
  const ana = await person("Ana", { viewport: "phone", scheme: "dark" });
  await ana.open(await administer(ana, clinic.scene));
  await ana.keyboard.follow(new RegExp(`^${requests.choose}`));
  await ana.keyboard.fill(requests.word, "Please ask my daughter first.");
  await ana.keyboard.follow(requests.refuseAll);
  await ana.page.getByText(requests.notices.refused).waitFor();
  await picture(ana.page, "approvals/refused");
  const denied = await clinic.poll(text(waiting, "ticket"));
  expect(denied).toMatchObject({ status: 403, body: { error: "request_denied" } });
  expect(denied.body.error_description).toContain("they say: Please ask my daughter first.");
});
