import type { CDPSession, Page } from "playwright-core";

/** More controls than any page of ours has between two of its ends. */
const PRESSES_LIMIT = 300;

/** What is focused, as a screen reader is told; nothing where the focus is on the page as a whole. */
interface Focused {
  readonly role: string;
  readonly name: string;
}

type Name = string | RegExp;

/** A page under the hands of somebody who has a keyboard and nothing else. Controls are called by their accessible names. */
export class Keyboard {
  readonly #page: Page;
  #session: Promise<CDPSession> | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  /**
   * Goes to a control with Tab.
   * @throws Error if it is not reached, or if nothing shows that it is
   */
  async focus(name: Name): Promise<void> {
    const passed: string[] = [];
    let laps = 0;
    for (let presses = 0; presses <= PRESSES_LIMIT; presses += 1) {
      const focused = await this.#focused();
      if (focused !== null && matches(focused.name, name)) return this.#checkVisible(focused);
      if (focused === null) laps += 1;
      else passed.push(`${focused.role} "${focused.name}"`);
      // Twice beyond the last control is once around the page.
      if (laps > 2) break;
      await this.#page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to "${name}" on ${this.#page.url()}, only to ${passed.join(", ") || "nothing"}`);
  }

  /** Follows a link or submits a form, and waits for the page that it leads to. */
  async follow(name: Name): Promise<void> {
    await this.focus(name);
    await Promise.all([this.#page.waitForEvent("domcontentloaded"), this.#page.keyboard.press("Enter")]);
  }

  /** Presses a button that leads to no other page, or not at once. */
  async activate(name: Name): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("Enter");
  }

  /** Ticks or unticks a box, or opens what can be opened. */
  async toggle(name: Name): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("Space");
  }

  /** Goes to a group of radio buttons by one of them, and with the arrows to the one that is wanted. */
  async choose(name: Name, groupedWith: Name): Promise<void> {
    await this.focus(groupedWith);
    for (let presses = 0; presses <= PRESSES_LIMIT; presses += 1) {
      const focused = await this.#focused();
      if (focused !== null && matches(focused.name, name)) return this.#checkVisible(focused);
      await this.#page.keyboard.press("ArrowDown");
    }
    throw new Error(`the arrows do not lead from "${groupedWith}" to "${name}" on ${this.#page.url()}`);
  }

  /** Types into a field, in place of what is in it: Tab selects that. */
  async fill(name: Name, text: string): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("ControlOrMeta+a");
    await this.#page.keyboard.type(text);
  }

  /** Name and role as the browser itself computes them (Accessible Name and Description Computation 1.2). */
  async #focused(): Promise<Focused | null> {
    this.#session ??= this.#page.context().newCDPSession(this.#page);
    const session = await this.#session;
    const expression = "document.activeElement === document.body ? null : document.activeElement";
    const { objectId } = (await session.send("Runtime.evaluate", { expression })).result;
    if (objectId === undefined) return null;
    const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId, fetchRelatives: false });
    return { role: String(nodes[0]?.role?.value), name: String(nodes[0]?.name?.value ?? "").trim() };
  }

  /** WCAG 2.2 §2.4.7: something of the page looks another way while the control is focused. */
  async #checkVisible({ name }: Focused): Promise<void> {
    const focused = await this.#page.screenshot({ animations: "disabled" });
    await this.#page.evaluate("globalThis.left = document.activeElement; left.blur()");
    const blurred = await this.#page.screenshot({ animations: "disabled" });
    await this.#page.evaluate("left.focus({ preventScroll: true }); delete globalThis.left");
    if (focused.equals(blurred)) throw new Error(`nothing shows that "${name}" is focused on ${this.#page.url()}`);
  }
}

function matches(name: string, wanted: Name): boolean {
  return typeof wanted === "string" ? name === wanted : wanted.test(name);
}
