import type { Browser } from "playwright-core";
import type { TestContext } from "vitest";
import type { Site } from "../server/http-site.ts";
import { type Appearance, Person } from "./person.ts";
import { saveFailure } from "./picture.ts";

/** Everybody in one story. */
export class Cast {
  readonly #browser: Browser;
  readonly #usher: Site;
  readonly #people: Person[] = [];

  constructor(browser: Browser, usher: Site) {
    this.#browser = browser;
    this.#usher = usher;
  }

  async enter(name: string, appearance: Appearance): Promise<Person> {
    const person = await Person.enter(this.#browser, this.#usher, name, appearance);
    this.#people.push(person);
    return person;
  }

  /**
   * Closes every browser; of a story that failed a picture of each stays.
   * @throws Error saying what the browsers complained about, so that the story fails
   */
  async leave({ name, result }: TestContext["task"]): Promise<void> {
    const failed = result?.state === "fail";
    for (const person of this.#people) {
      if (failed) await saveFailure(person.page, `${name}/${person.name}`);
      await person.context.close();
    }
    const complaints = this.#people.flatMap((person) =>
      person.complaints.take(/^/).map((text) => `${person.name}: ${text}`),
    );
    if (complaints.length > 0) throw new Error(`a page broke its own rules:\n${complaints.join("\n")}`);
  }
}
