import type { Dice } from "./dice.ts";

/** So many of a kind are kept: the latest are most likely to be good for something still. */
const MOST = 40;

/**
 * What a request needs to get anywhere: ids, tokens, tickets, by what they are called on the wire. It is filled by set-up
 * and by every answer.
 */
export class Stock {
  readonly #byKind = new Map<string, string[]>();

  put(kind: string, value: string): void {
    const kept = this.#byKind.get(kind) ?? [];
    this.#byKind.set(kind, [...kept.filter((one) => one !== value), value].slice(-MOST));
  }

  /** @returns null: there is none. What was made last is drawn most often: it may be the only one that is not gone. */
  take(kind: string, dice: Dice): string | null {
    if (dice.chance(0.5)) return this.takeFresh(kind, dice);
    const kept = this.#byKind.get(kind) ?? [];
    return kept.length === 0 ? null : dice.pick(kept);
  }

  /** One of the latest three: what is good once may be spent already. */
  takeFresh(kind: string, dice: Dice): string | null {
    const kept = (this.#byKind.get(kind) ?? []).slice(-3);
    return kept.length === 0 ? null : dice.pick(kept);
  }

  /** Anything at all, of whatever kind. */
  takeAny(dice: Dice): string {
    const kinds = [...this.#byKind.keys()];
    return kinds.length === 0 ? dice.word() : (this.take(dice.pick(kinds), dice) ?? dice.word());
  }

  /** Puts all of these kinds into another stock, too. */
  copy(kinds: readonly string[], other: Stock): void {
    for (const kind of kinds) for (const value of this.#byKind.get(kind) ?? []) other.put(kind, value);
  }
}

/** The kind of thing that a list of this name holds: `policies` has policies. */
export function kindOf(segment: string): string {
  const irregular: Readonly<Record<string, string>> = { policies: "policy", "dead-letters": "letter", pcts: "pct" };
  return irregular[segment] ?? segment.replace(/s$/, "");
}

/** Under what a path is kept that leads to something, whole. @param template as it is described */
export function wholePath(template: string): string {
  return `path ${template}`;
}
