/**
 * The form of recovery codes: consonants, so that they make no words and none looks like a digit (RFC 8628 §6.1), in
 * groups that one can copy by hand. 20 of 20 letters are 86 bits, so that a plain hash keeps them.
 */
export const RECOVERY_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
export const RECOVERY_CODE_LENGTH = 20;
const GROUP_LENGTH = 4;

/** How many are made at once. */
export const RECOVERY_CODES = 10;

const LETTERS = new RegExp(`^[${RECOVERY_CODE_LETTERS}]{${RECOVERY_CODE_LENGTH}}$`);
/** Whatever people, mail programs and paper put between letters. */
const BETWEEN = /[\s\p{Dash_Punctuation}\u2212.,]+/gu;

/** Letters as people read them: `BCDF-GHJK-LMNP-QRST-VWXZ`. */
export function renderRecoveryCode(letters: string): string {
  const count = letters.length / GROUP_LENGTH;
  const groups = Array.from({ length: count }, (_, at) => letters.slice(at * GROUP_LENGTH, (at + 1) * GROUP_LENGTH));
  return groups.join("-");
}

/** @returns the letters of a code in whatever case and spacing it was typed; null for what cannot be one. */
export function parseRecoveryCode(text: string): string | null {
  const letters = text.replaceAll(BETWEEN, "").toUpperCase();
  return LETTERS.test(letters) ? letters : null;
}
