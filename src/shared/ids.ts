/** Identifiers made here: 16 random bytes, or a SHA-256 digest, in base64url. */
const FORM = /^[A-Za-z0-9_-]{22}(?:[A-Za-z0-9_-]{21})?$/;

/** Whether a text can be an identifier of ours at all; whether there is such a thing is another question. */
export function isId(text: string): boolean {
  return FORM.test(text);
}
