import { canonicalEmail } from "../shared/email.ts";
import { MAX_EMAIL_CHARACTERS } from "../shared/limits.ts";

/**
 * A local part without quotes (RFC 5321 §4.1.2, Dot-string; RFC 6531 §3.3 for other letters). Quoted ones are seldom, and
 * what is in them reads like a list or another address to software on the way.
 */
const DOT_STRING = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/**
 * An address to write to, in its canonical form. INVARIANT: a letter goes to this form and not to what was typed, because
 * this is what its code proves.
 * @returns null for what is none.
 */
export function parseAddress(typed: string): string | null {
  const address = typed.length > 2 * MAX_EMAIL_CHARACTERS ? null : canonicalEmail(typed.trim());
  if (address === null || address.length > MAX_EMAIL_CHARACTERS) return null;
  return DOT_STRING.test(localPartOf(address)) ? address : null;
}

/** The box that letters to an address end in, as far as one can tell: a name after a plus only sorts them (RFC 5233). */
export function letterBoxOf(address: string): string {
  const [box = ""] = localPartOf(address).split("+");
  return (box === "" ? localPartOf(address) : box) + address.slice(address.lastIndexOf("@"));
}

function localPartOf(address: string): string {
  return address.slice(0, address.lastIndexOf("@"));
}
