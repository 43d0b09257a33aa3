import { BrowserLike } from "./browser-like.ts";
import type { Answer } from "./http-site.ts";
import { type UpstreamPerson, UpstreamProvider } from "./upstream-provider.ts";
import { expectStatus, text, type World } from "./world.ts";

/** A provider at which people sign in to the server of a world, and short words for what they do there. */
export class UpstreamScene {
  readonly world: World;
  readonly provider: UpstreamProvider;
  /** The id of its entry here. */
  readonly id: string;
  /** By which the provider knows the server. */
  readonly secret: string;

  private constructor(world: World, provider: UpstreamProvider, id: string, secret: string) {
    this.world = world;
    this.provider = provider;
    this.id = id;
    this.secret = secret;
  }

  /**
   * @param issuer of a provider that the server can reach as `attach` makes it.
   * @param more of the entry than what every one has.
   */
  static async open(
    world: World,
    issuer: string,
    attach: (provider: UpstreamProvider) => void,
    more: object = {},
  ): Promise<UpstreamScene> {
    const redirectUri = `${world.site.issuer}/sign-in/callback`;
    const secret = crypto.randomUUID();
    const provider = await UpstreamProvider.create(issuer, { clientId: "usher", redirectUri, secret });
    attach(provider);
    const entry = {
      issuer,
      name: "Lakeside ID",
      client_id: "usher",
      client_secret: secret,
      claims: "all",
      email_domains: "all",
      ...more,
    };
    const made = expectStatus(await world.admin("POST", "/providers", entry), 201);
    return new UpstreamScene(world, provider, text(made, "id"), secret);
  }

  browser(): BrowserLike {
    return new BrowserLike(this.world.site);
  }

  /** Presses the button of the provider. @returns the page on the way, which holds the address of the provider. */
  async leave(browser: BrowserLike, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.post(browser, `/sign-in/with/${this.id}`, fields);
  }

  /** Sends a form of ours, as any page of ours has it. */
  async post(browser: BrowserLike, path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const page = await browser.open("/nothing");
    const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const headers = { Origin: new URL(this.world.site.issuer).origin };
    return browser.request("POST", path, { form: { csrf, ...fields }, headers });
  }

  /** The person signs in at the provider. @returns the path, here, that the browser is sent back to. */
  async signInThere(onTheWay: Answer, person: UpstreamPerson): Promise<string> {
    const back = await this.provider.signIn(addressOf(onTheWay), person);
    return back.href.slice(this.world.site.issuer.length);
  }

  /** There and back again. */
  async visit(
    browser: BrowserLike,
    person: UpstreamPerson,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const onTheWay = expectStatus(await this.leave(browser, fields), 200);
    return browser.open(await this.signInThere(onTheWay, person));
  }

  /** Somebody without an account goes there, and takes the account that is offered. */
  async join(browser: BrowserLike, person: UpstreamPerson): Promise<Answer> {
    const offered = expectStatus(await this.visit(browser, person), 200);
    return expectStatus(await browser.submit(offered, `/sign-up/with/${this.id}`), 303);
  }

  /** There and back again, to link. */
  async link(browser: BrowserLike, person: UpstreamPerson): Promise<Answer> {
    const onTheWay = expectStatus(await this.post(browser, "/account/security/linked", { provider: this.id }), 200);
    return browser.open(await this.signInThere(onTheWay, person));
  }
}

/** Where a page on the way leads: by itself, and by its link. */
export function addressOf({ headers, text: page }: Answer): string {
  const [, address = ""] = (headers.get("refresh") ?? "").match(/^0;url=(.*)$/) ?? [];
  if (!page.includes(`href="${address.replaceAll("&", "&amp;")}"`)) throw new Error("the page has no link to there");
  return address;
}
