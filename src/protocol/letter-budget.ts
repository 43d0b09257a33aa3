import {
  MAX_LETTERS_PER_SOURCE_AND_BOX,
  MAX_LETTERS_TO_KNOWN_PER_HOUR,
  MAX_LETTERS_TO_STRANGERS_PER_HOUR,
} from "../shared/limits.ts";
import { HOUR } from "../shared/time.ts";
import { NEXT_LETTER_SECONDS } from "./lifetimes.ts";

/** Out of which of a letter box's budgets a letter goes. */
export type LetterBudget = "known" | "stranger";

/** A letter with a code that went to a box. */
export interface SentLetter {
  readonly budget: LetterBudget;
  /** Who asked for it. */
  readonly sender: string;
  /** Epoch seconds. */
  readonly sentAt: number;
}

/** Who asks for a letter to a box. */
export interface LetterRequest {
  /** A browser in which the box's address was proved before, else a source. */
  readonly sender: string;
  readonly isKnown: boolean;
}

/** Out of which budget a letter may go, or the seconds to wait until one may. */
export type LetterTurn = { readonly budget: LetterBudget } | { readonly wait: number };

/**
 * Whether another letter may go to a box now. Those that are known have a budget that no stranger can spend, and take
 * from the others' when it is used up.
 * @param sent to this box within an hour.
 */
export function takeTurn(sent: readonly SentLetter[], request: LetterRequest, now: number): LetterTurn {
  const known = request.isKnown ? untilKnown(sent, now) : Number.POSITIVE_INFINITY;
  const stranger = untilStranger(sent, request.sender, now);
  const wait = Math.max(untilArrived(sent, request.sender, now), Math.min(known, stranger));
  if (wait > 0) return { wait };
  return { budget: known === 0 ? "known" : "stranger" };
}

function untilKnown(sent: readonly SentLetter[], now: number): number {
  const known = sent.filter(({ budget }) => budget === "known");
  return untilFewer(known, MAX_LETTERS_TO_KNOWN_PER_HOUR, now);
}

function untilStranger(sent: readonly SentLetter[], sender: string, now: number): number {
  const strangers = sent.filter(({ budget }) => budget === "stranger");
  const own = strangers.filter((letter) => letter.sender === sender);
  return Math.max(
    untilFewer(strangers, MAX_LETTERS_TO_STRANGERS_PER_HOUR, now),
    untilFewer(own, MAX_LETTERS_PER_SOURCE_AND_BOX, now),
  );
}

/** Seconds until the last letter of this sender could have arrived. */
function untilArrived(sent: readonly SentLetter[], sender: string, now: number): number {
  const own = sent.filter((letter) => letter.sender === sender).map(({ sentAt }) => sentAt + NEXT_LETTER_SECONDS - now);
  return Math.max(0, ...own);
}

/** Seconds until fewer than so many of these are within the hour. */
function untilFewer(letters: readonly SentLetter[], most: number, now: number): number {
  const newestFirst = letters.map(({ sentAt }) => sentAt).sort((one, other) => other - one);
  const last = newestFirst[most - 1];
  return last === undefined ? 0 : Math.max(0, last + HOUR - now);
}
