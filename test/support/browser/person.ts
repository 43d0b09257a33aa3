import type { Browser, BrowserContext, BrowserContextOptions, Page, Response } from "playwright-core";
import type { Site } from "../server/http-site.ts";
import { Authenticator } from "./authenticator.ts";
import { Complaints } from "./complaints.ts";
import { Keyboard } from "./keyboard.ts";
import { Mailbox } from "./mailbox.ts";

/** In CSS pixels: a phone of usual size, and a small laptop. */
export const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** Longer than any page takes, also where the machine has much else to do. */
const WAIT_LIMIT_MS = 15_000;

/** How somebody sees pages; what is not given is as on a small laptop in daylight, in English, with script. */
export interface Appearance {
  readonly viewport?: keyof typeof VIEWPORTS;
  readonly scheme?: "light" | "dark";
  /** A BCP 47 language tag: what Accept-Language says. */
  readonly locale?: string;
  readonly script?: boolean;
}

/** Somebody at a browser of their own, with a device that can keep passkeys. A second device is a second person. */
export class Person {
  readonly name: string;
  readonly context: BrowserContext;
  /** The tab that everything happens in; `context.newPage()` opens one more, which knows no passkeys. */
  readonly page: Page;
  readonly keyboard: Keyboard;
  readonly authenticator: Authenticator;
  readonly mailbox: Mailbox;
  /** What the browser had to say against the pages it was shown. */
  readonly complaints: Complaints;
  readonly #usher: Site;

  private constructor(name: string, usher: Site, page: Page, authenticator: Authenticator) {
    this.name = name;
    this.context = page.context();
    this.page = page;
    this.authenticator = authenticator;
    this.keyboard = new Keyboard(page);
    // Nobody else has it, whoever runs beside this story under the same name.
    this.mailbox = new Mailbox(
      usher,
      `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${randomDigits()}@example.com`,
    );
    this.complaints = new Complaints(this.context);
    this.#usher = usher;
  }

  static async enter(browser: Browser, usher: Site, name: string, appearance: Appearance): Promise<Person> {
    const context = await browser.newContext(optionsFor(appearance));
    context.setDefaultTimeout(WAIT_LIMIT_MS);
    const page = await context.newPage();
    return new Person(name, usher, page, await Authenticator.attach(page));
  }

  /** The e-mail address that is this person's alone. */
  get address(): string {
    return this.mailbox.address;
  }

  /** @param path below the issuer, or a whole URL. @returns the last answer on the way there */
  async open(path: string): Promise<Response> {
    const response = await this.page.goto(path.startsWith("/") ? this.#usher.issuer + path : path);
    if (response === null) throw new Error(`${path} was no other page`);
    return response;
  }

  /** Waits for a page with this heading. */
  async sees(heading: string | RegExp): Promise<void> {
    const exact = typeof heading === "string";
    await this.page.getByRole("heading", { name: heading, exact }).first().waitFor();
  }
}

function optionsFor({ viewport = "desktop", scheme = "light", locale = "en", script = true }: Appearance) {
  return {
    viewport: VIEWPORTS[viewport],
    colorScheme: scheme,
    locale,
    javaScriptEnabled: script,
    reducedMotion: "reduce",
    // Everybody sits in a network of their own (RFC 3849), or the failures of one would be counted for all.
    extraHTTPHeaders: { "CF-Connecting-IP": `2001:db8:${randomGroup()}:${randomGroup()}::1` },
  } satisfies BrowserContextOptions;
}

const randomGroup = () => Math.floor(Math.random() * 0x10000).toString(16);
const randomDigits = () => crypto.randomUUID().slice(0, 8);
