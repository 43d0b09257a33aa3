/** A run of characters that a token, a ticket or a secret can be. */
const WORDS = /[A-Za-z0-9_.~+/=-]{20,}/g;

/** So much of a secret is as good as the whole, to whoever looks for it. */
const TELLING = 24;

/** Knows every secret that was given out, and finds it again where it has no business. */
export class Secrets {
  readonly #prints = new Set<string>();

  add(secret: string): void {
    if (secret.length >= 20) for (const print of printsOf(secret)) this.#prints.add(print);
  }

  /** For what its holder tells others: whoever keeps it may say it again. */
  forgetIn(text: string): void {
    for (const [word] of text.matchAll(WORDS)) for (const print of printsOf(word)) this.#prints.delete(print);
  }

  /** @returns the first secret in a text, or a part of one. */
  findIn(text: string): string | null {
    for (const [word] of text.matchAll(WORDS)) {
      if (printsOf(word).some((print) => this.#prints.has(print))) return word;
    }
    return null;
  }
}

/** The whole, its end, and the middle of a long one, unless it is a JWT: the first parts of those are alike. */
function printsOf(text: string): readonly string[] {
  const hasMiddle = text.length > 80 && !text.startsWith("eyJ");
  return [text, text.slice(-TELLING), ...(hasMiddle ? [text.slice(40, 40 + TELLING)] : [])];
}

/** Members of answers that are given out once, and are secret from then on. */
export const SECRET_MEMBERS = [
  "access_token",
  "client_secret",
  "code",
  "id_token",
  "link",
  "pct",
  "refresh_token",
  "registration_access_token",
  "request_uri",
  "secret",
  "ticket",
  "token",
];
