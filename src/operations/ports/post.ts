/** A letter, written out: plain text, to one address. */
export interface Mail {
  /** In its canonical form (shared/email.ts). */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Where a program stops letters like this with one request (RFC 8058); left out: one that was asked for. */
  readonly stop?: string;
}

/** What became of a letter: accepted for delivery, or why not, in a word that names nobody. */
export type Posted = "posted" | { readonly failure: string };

/** Takes letters to people. */
export interface Post {
  /** Whether there is a way to send letters at all; nothing that needs one is offered where there is none. */
  readonly isAvailable: boolean;
  send(mail: Mail): Promise<Posted>;
}

/** A letter as the development mailbox keeps it. */
export interface KeptMail extends Mail {
  /** Epoch seconds. */
  readonly at: number;
}

/** Where letters land while somebody develops: nothing leaves the machine. */
export interface DevelopmentMailbox {
  /** The newest first. */
  list(): readonly KeptMail[];
}
