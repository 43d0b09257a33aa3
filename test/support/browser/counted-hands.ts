import { HANDS, type Hands } from "./hands.ts";
import type { Person } from "./person.ts";

/** Hands that count what they do: a press, a field that is filled in and a choice are an action each. */
export class CountedHands implements Hands {
  readonly #hands: Hands;
  actions = 0;

  constructor(person: Person) {
    this.#hands = HANDS.mouse(person);
  }

  press(name: string | RegExp): Promise<void> {
    this.actions += 1;
    return this.#hands.press(name);
  }

  fill(name: string, text: string): Promise<void> {
    this.actions += 1;
    return this.#hands.fill(name, text);
  }

  tick(name: string | RegExp): Promise<void> {
    this.actions += 1;
    return this.#hands.tick(name);
  }
}
