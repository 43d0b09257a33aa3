import type { BrowserLike } from "./browser-like.ts";
import type { Answer } from "./http-site.ts";
import { locationOf, Person } from "./person.ts";
import { expectStatus, text, type World } from "./world.ts";

/** An organisation, and the people who act for it: all by its links and pages. */
export class Organization {
  readonly world: World;
  readonly id: string;

  constructor(world: World, id: string) {
    this.world = world;
    this.id = id;
  }

  static async found(world: World, name = "Lakeside Clinic"): Promise<Organization> {
    return new Organization(world, await world.owner(name));
  }

  /** What its administrators see. */
  get page(): string {
    return `/account/administrators?owner=${this.id}`;
  }

  /** An invitation of the operator's. @returns its link. */
  async invite(body: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const invitation = { role: "administrator", ...body };
    return text(
      expectStatus(await this.world.admin("POST", `/owners/${this.id}/invitations`, invitation), 201),
      "link",
    );
  }

  /** Somebody who has accepted an invitation of the operator's. */
  async member(name: string, body: Readonly<Record<string, unknown>> = {}): Promise<Person> {
    const person = await newPerson(this.world, name);
    const answer = await acceptInvitation(person.browser, await this.invite(body));
    if (!locationOf(answer).includes(this.id)) throw new Error(`${name} was not let in`);
    return person;
  }

  /** The ids of the accounts that act for it, as the operator reads them. */
  async administrators(): Promise<readonly string[]> {
    const { body } = await this.world.admin("GET", `/owners/${this.id}/administrators`);
    return (body.items ?? []).map(({ account_id }) => String(account_id));
  }

  /** Connects one more tool of the owner's. @returns its access token. */
  async connectTool(): Promise<string> {
    const tool = await this.world.client({ client_name: "tool", grant_types: ["client_credentials"] });
    await this.world.connect(this.id, tool, ["uma_policy"]);
    return this.world.connectedToken(tool);
  }

  /** What the owner's own tool reads of who may act for it, the oldest first. */
  async changes(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const bearer = await this.connectTool();
    const { body } = await this.world.send("GET", "/owner/activity", { bearer });
    const changes = (body.items ?? []).filter(({ kind }) => kind === "administrators_changed");
    return changes.map(({ detail }) => detail as Readonly<Record<string, unknown>>).reverse();
  }
}

/** Somebody with an account, in a browser of their own. */
export async function newPerson(world: World, name: string): Promise<Person> {
  const person = new Person(world.site);
  await person.signUp(name);
  return person;
}

/** Opens a link and says yes to what it shows. */
export async function acceptInvitation(browser: BrowserLike, link: string): Promise<Answer> {
  const page = expectStatus(await browser.follow(link), 200);
  return browser.submit(page, "/invitations", { decision: "accept" });
}
