import { MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";

/** Cc and Zl, Zp: what no name has, and would break a line of a log or a page. */
const UNWRITABLE = /[\p{Cc}\u2028\u2029]/u;

/**
 * What people call themselves or a passkey, as they typed it, with blanks made one and none at its ends. It may be empty.
 * @returns null for too much, or what cannot be written in a line.
 */
export function parsePersonName(text: string): string | null {
  const name = text
    .normalize("NFC")
    .trim()
    .replaceAll(/\p{Zs}+/gu, " ");
  const fits = name.length <= MAX_PERSON_NAME_CHARACTERS && !UNWRITABLE.test(name);
  return fits && name.isWellFormed() ? name : null;
}
