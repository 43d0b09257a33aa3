import { Authenticator, type Falsehood } from "../pure/authenticator.ts";
import { BrowserLike } from "./browser-like.ts";
import type { Answer, Site } from "./http-site.ts";
import { expectStatus } from "./world.ts";

/** Somebody with a browser and an authenticator, who does at the front door what its scripts and forms would. */
export class Person {
  readonly site: Site;
  readonly browser: BrowserLike;
  readonly authenticator: Authenticator;

  /** @param address where the browser is, as the edge sees it; otherwise where nobody else is. */
  constructor(site: Site, address = freshAddress()) {
    this.site = site;
    this.browser = new BrowserLike(site, { "CF-Connecting-IP": address });
    this.authenticator = new Authenticator(new URL(site.issuer).origin);
  }

  /** Makes an account with a passkey. @returns the page that shows the recovery codes, which is looked at already. */
  async signUp(name = "Ana"): Promise<Answer> {
    const page = await this.browser.open("/sign-up");
    const made = expectStatus(await this.makePasskey(page, "/sign-up/passkey", { name }), 200);
    return expectStatus(await this.browser.open(locationOf(made)), 200);
  }

  /** What the script of a page does that makes a passkey. */
  async makePasskey(page: Answer, path: string, fields: object = {}, falsehood: Falsehood = {}): Promise<Answer> {
    const options = expectStatus(await this.browser.script(page, optionsOf(path), fields), 200);
    return this.browser.script(page, path, await this.authenticator.create(optionsFrom(options), falsehood));
  }

  /** Signs in with the newest passkey. */
  async signIn(path = "/sign-in", falsehood: Falsehood = {}): Promise<Answer> {
    const page = await this.browser.open(path);
    const verify = path.replace("/sign-in", "/sign-in/passkey");
    const options = expectStatus(await this.browser.script(page, "/sign-in/passkey/options", {}), 200);
    return this.browser.script(page, verify, await this.authenticator.use(optionsFrom(options), falsehood));
  }

  async signOut(): Promise<Answer> {
    return this.browser.submit(await this.browser.open("/account"), "/sign-out");
  }

  /** Whether the browser is signed in. */
  async isIn(): Promise<boolean> {
    return (await this.browser.open("/account")).status === 200;
  }
}

/** An address that no other test comes from. */
export function freshAddress(): string {
  return ["10", ...crypto.getRandomValues(new Uint8Array(3))].join(".");
}

/** Where a script or a form is sent on to. */
export function locationOf({ body, headers }: Answer): string {
  const location = headers.get("location") ?? body.location;
  if (typeof location !== "string") throw new Error("the answer sends nobody anywhere");
  return location;
}

export function optionsFrom({ body }: Answer): Parameters<Authenticator["create"]>[0] {
  return body as unknown as Parameters<Authenticator["create"]>[0];
}

function optionsOf(path: string): string {
  const [before = "", query] = path.split("?");
  return `${before}/options${query === undefined ? "" : `?${query}`}`;
}

/** The recovery codes that a page shows. */
export function codesOf({ text }: Answer): readonly string[] {
  return [...text.matchAll(/<code>([A-Z-]+)<\/code>/g)].map(([, code = ""]) => code);
}
