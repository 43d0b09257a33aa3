import type { LetterRequest } from "../../protocol/letter-budget.ts";

/** A letter that is about to go to a box. */
export interface NewLetter extends LetterRequest {
  readonly id: string;
  /** Hash of the box (protocol/email-address.ts). */
  readonly box: string;
  /** Keyed hash of the code in it. */
  readonly codeHash: string;
}

/** What became of an attempt to enter a code. */
export type CodeTry =
  | { readonly kind: "right" }
  | { readonly kind: "wrong"; readonly triesLeft: number }
  /** Spent, expired, tried too often, or never sent. */
  | { readonly kind: "gone" };

/** The codes that letters brought to a box, and how many went there. */
export interface EmailCodes {
  /** @returns seconds to wait until another letter may go there; 0: this one may, and counts. */
  begin(letter: NewLetter): Promise<number>;
  /** Takes back a letter that was not sent after all. */
  withdraw(box: string, letterId: string): Promise<void>;
  /**
   * INVARIANT: counting the attempt and looking at it is one step, so of any number at once no more are looked at than a
   * code may be tried. A code that was right is spent, but for a repeat at once, which is a double click.
   */
  tryCode(box: string, letterId: string, codeHash: string): Promise<CodeTry>;
}
