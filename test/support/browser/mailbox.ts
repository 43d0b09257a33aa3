import { setTimeout as pause } from "node:timers/promises";
import { type Site, send } from "../server/http-site.ts";

const WAIT_LIMIT_MS = 10_000;
const POLL_MS = 50;

/** As `/development/mailbox` shows it. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Epoch seconds. */
  readonly at: number;
}

/** What arrives at one address of the server's development mailbox. */
export class Mailbox {
  readonly address: string;
  readonly #site: Site;
  /** What there was the last time. The server forgets old mail, so neither number nor newest alone tells whether more came. */
  #known: readonly Mail[] = [];

  constructor(site: Site, address: string) {
    this.#site = site;
    this.address = address;
  }

  /** @returns the newest mail, as soon as there is one that was not there the last time. @throws Error if none comes */
  async next(): Promise<Mail> {
    const limit = Date.now() + WAIT_LIMIT_MS;
    do {
      const mails = await this.#list();
      const [newest] = mails;
      if (newest !== undefined && (mails.length > this.#known.length || !isSame(newest, this.#known[0]))) {
        this.#known = mails;
        return newest;
      }
      await pause(POLL_MS);
    } while (Date.now() < limit);
    throw new Error(`no mail came to ${this.address}`);
  }

  /** Newest first. */
  async #list(): Promise<readonly Mail[]> {
    const answer = await send(this.#site, "GET", "/development/mailbox", { headers: { accept: "application/json" } });
    if (answer.status !== 200) throw new Error(`the development mailbox answered ${answer.status}: ${answer.text}`);
    const { items } = answer.json as { readonly items: readonly Mail[] };
    return items.filter(({ to }) => to === this.address);
  }
}

function isSame(one: Mail, other: Mail | undefined): boolean {
  return one.at === other?.at && one.subject === other.subject && one.text === other.text;
}
