import { MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";
import { isVisible } from "../shared/visible.ts";

/** Cc and Zl, Zp: what no name has, and would break a line of a log or a page. */
const UNWRITABLE = /[\p{Cc}\u2028\u2029]/u;
/** They turn round what stands beside them, so that a name could be read as another one (UAX #9 §2). */
const TURNING = /[\u2066-\u2069\u202a-\u202e]/g;

/**
 * What people call themselves or a passkey, as they typed it, with blanks made one and none at its ends. It may be
 * empty, and is where nothing of it can be seen.
 * @returns null for too much, or what cannot be written in a line.
 */
export function parsePersonName(text: string): string | null {
  const name = text
    .normalize("NFC")
    .replaceAll(TURNING, "")
    .trim()
    .replaceAll(/\p{Zs}+/gu, " ");
  const fits = name.length <= MAX_PERSON_NAME_CHARACTERS && !UNWRITABLE.test(name);
  if (!fits || !name.isWellFormed()) return null;
  return isVisible(name) ? name : "";
}
