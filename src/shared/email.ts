/**
 * An e-mail address in the form it is compared in. Only A to Z are folded: full Unicode folding makes other people's
 * letters equal (the Kelvin sign becomes k), and so their addresses.
 */
export function foldEmail(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The part after the last @, folded; null when the value is no e-mail address. */
export function findEmailDomain(address: string): string | null {
  const at = address.lastIndexOf("@");
  return at > 0 && at < address.length - 1 ? foldEmail(address.slice(at + 1)) : null;
}
