import { canonicalDomain } from "./domain.ts";

const LOCAL_PART = /^[^\s\p{Cc}@]+$/u;

/**
 * An e-mail address in the one form in which addresses are compared: its domain canonical, its local part in NFC with A
 * to Z folded. Full Unicode folding would make other people's letters equal, and so their addresses.
 * @returns null for what is no address that can be compared.
 */
export function canonicalEmail(address: string): string | null {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(at, 0));
  const domain = canonicalDomain(address.slice(at + 1));
  if (domain === null || !LOCAL_PART.test(local) || becomesAscii(local)) return null;
  // Composed first: an A with its accent is one letter outside ASCII, whichever way it was sent.
  return `${foldAscii(local.normalize("NFC")).normalize("NFC")}@${domain}`;
}

/** The canonical domain of an e-mail address; null when the value is no address. */
export function emailDomain(address: string): string | null {
  const canonical = canonicalEmail(address);
  return canonical === null ? null : canonical.slice(canonical.lastIndexOf("@") + 1);
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Such as the Kelvin sign, which NFC makes a K. */
function becomesAscii(text: string): boolean {
  return Array.from(text).some((character) => character > "\x7f" && character.normalize("NFC") <= "\x7f");
}
