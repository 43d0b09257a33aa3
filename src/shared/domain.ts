import { MAX_DOMAIN_CHARACTERS } from "./limits.ts";

/** Labels of letters, digits and hyphens (RFC 1035 §2.3.1), at least two; a last one that is a number makes an address. */
const LDH =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!(?:\d+|0x[0-9a-f]*)$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What would end a host, or be decoded or dropped, where a URL is read. */
const OF_URLS = /[\s\p{Cc}/\\?#@:%[\]]/u;

/**
 * A domain in the one form in which domains are compared and kept: A-labels in lower case, without the dot of the root
 * (RFC 5890 §2.3.2.1, RFC 5891 §5). Whatever spelling is used for the same name gives the same text.
 * @returns null for what is no domain of at least two labels: an IP address, a wildcard, a name in disguise.
 */
export function canonicalDomain(text: string): string | null {
  // A-labels could be encoded in several ways, so those are read again.
  if (LDH.test(text) && !text.includes("xn--")) return text;
  if (text.length > MAX_DOMAIN_CHARACTERS || OF_URLS.test(text) || isDisguised(text)) return null;
  const host = URL.parse(`https://${text}/`)?.hostname.replace(/\.$/, "") ?? "";
  return LDH.test(host) ? host : null;
}

/**
 * Whether a character is there that URL parsers turn into an ASCII one or drop, such as a fullwidth letter, the Kelvin
 * sign or a soft hyphen. RFC 5892 §2 allows none of these in a name, so nobody honest is called so.
 */
function isDisguised(text: string): boolean {
  return Array.from(text).some((character) => character > "\x7f" && !isOfNames(character));
}

/** The joiners are left to the URL parser, which takes them where a script needs them (RFC 5892, appendix A). */
function isOfNames(character: string): boolean {
  if (/[\x21-\x7e]/.test(character.normalize("NFKC"))) return false;
  return /[\u200c\u200d]/.test(character) || !/\p{Default_Ignorable_Code_Point}/u.test(character);
}
