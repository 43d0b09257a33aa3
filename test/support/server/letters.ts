import { BrowserLike } from "./browser-like.ts";
import { type Answer, type Site, send } from "./http-site.ts";
import { locationOf } from "./person.ts";
import { expectStatus } from "./world.ts";

/** A letter in the development mailbox. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What the development mailbox holds for this address, the newest first. */
export async function lettersTo(site: Site, address: string): Promise<readonly Letter[]> {
  const { body } = await send(site, "GET", "/development/mailbox", { headers: { Accept: "application/json" } });
  return ((body.items ?? []) as unknown as readonly Letter[]).filter(({ to }) => to === address);
}

/** The eight digits of a letter. */
export function codeIn(letter: Letter | undefined): string {
  return (
    letter?.text
      .match(/^ {4}(\d{4}) (\d{4})$/m)
      ?.slice(1)
      .join("") ?? "there is no code"
  );
}

/** Eight digits that are not these. */
export function anotherThan(code: string): string {
  return code.startsWith("0") ? code.replace("0", "1") : code.replace(/^./, "0");
}

/** Whoever looks for codes in a letter box, at a place of their own. */
export class EmailPerson extends BrowserLike {
  readonly address: string;
  readonly #site: Site;

  /** @param source from where the edge sees them come. */
  constructor(
    site: Site,
    {
      address = freshAddress(),
      source = freshSource(),
      language = "en",
    }: Partial<Record<"address" | "source" | "language", string>> = {},
  ) {
    super(site, { "CF-Connecting-IP": source, "Accept-Language": language });
    this.#site = site;
    this.address = address;
  }

  /** Asks for a code to an address, on a page of its own. @returns what that answered */
  async ask(address = this.address, continuation: string | null = null): Promise<Answer> {
    const query = continuation === null ? "" : `?continue=${encodeURIComponent(continuation)}`;
    return this.submit(await this.open(`/sign-in/email${query}`), "/sign-in/email", { address });
  }

  /** Asks for a code. @returns the page that takes it */
  async askForCode(continuation: string | null = null): Promise<Answer> {
    const sent = await this.ask(this.address, continuation);
    return this.open(sent.headers.get("location") ?? "nowhere");
  }

  /** The newest code that went to this person. */
  async newestCode(): Promise<string> {
    return codeIn((await lettersTo(this.#site, this.address))[0]);
  }

  /** Makes an account of the address, and is signed in. */
  async settle(name = "Ana"): Promise<void> {
    const page = await this.open(locationOf(await this.prove()));
    expectStatus(await this.submit(page, "/sign-up", { name }), 303);
  }

  enter(page: Answer, code: string): Promise<Answer> {
    return this.submit(page, "/sign-in/email/code", { code });
  }

  /** Proves the address. @returns the answer to the right code */
  async prove(continuation: string | null = null): Promise<Answer> {
    const page = await this.askForCode(continuation);
    return this.enter(page, await this.newestCode());
  }
}

export function freshAddress(): string {
  return `ana-${crypto.randomUUID()}@example.com`;
}

/** An IPv6 network that nobody else comes from. */
export function freshSource(): string {
  const [first, second, third] = crypto.getRandomValues(new Uint16Array(3));
  return `2001:${hex(first)}:${hex(second)}:${hex(third)}::1`;
}

function hex(number = 0): string {
  return number.toString(16);
}
