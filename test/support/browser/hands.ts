import type { Person } from "./person.ts";

/** How somebody uses a page: the same story can be played with either. Controls are called by their accessible names. */
export interface Hands {
  /** A button or a link. Wait for what it leads to. */
  press(name: string | RegExp): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  tick(name: string | RegExp): Promise<void>;
}

export const HANDS: Readonly<Record<"mouse" | "keyboard", (person: Person) => Hands>> = {
  mouse: ({ page }) => ({
    press: (name) =>
      page
        .getByRole("button", { name, exact: true })
        .or(page.getByRole("link", { name, exact: true }))
        .first()
        .click(),
    fill: (name, text) => page.getByRole("textbox", { name, exact: true }).fill(text),
    tick: (name) => page.getByRole("checkbox", { name, exact: true }).check(),
  }),
  keyboard: ({ keyboard }) => ({
    press: (name) => keyboard.activate(name),
    fill: (name, text) => keyboard.fill(name, text),
    tick: (name) => keyboard.toggle(name),
  }),
};
