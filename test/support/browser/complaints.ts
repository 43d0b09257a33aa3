import type { BrowserContext, ConsoleMessage } from "playwright-core";

/** Every answer that is an error is told on the console, and many stories want one. */
const EXPECTED = /^Failed to load resource: /;

/** What a browser says against the pages it is shown: errors of scripts, and what a page's own policy kept it from. */
export class Complaints {
  #open: string[] = [];

  constructor(context: BrowserContext) {
    context.on("weberror", (error) => this.#open.push(`${error.page()?.url()}: ${error.error()}`));
    context.on("console", (message) => {
      if (isComplaint(message)) this.#open.push(`${message.location().url}: ${message.text()}`);
    });
  }

  /** @returns those that match: the story wanted them, so they do not count against it */
  take(pattern: RegExp): readonly string[] {
    const taken = this.#open.filter((text) => pattern.test(text));
    this.#open = this.#open.filter((text) => !taken.includes(text));
    return taken;
  }
}

function isComplaint(message: ConsoleMessage): boolean {
  return message.type() === "error" && !EXPECTED.test(message.text());
}
