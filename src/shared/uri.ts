/** Hosts that never leave the machine (RFC 8252 §7.3). */
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** A private-use scheme is a reversed domain name of the app's maker (RFC 8252 §7.1): `com.example.app:`. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

const RFC_3986 = /^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/;

/**
 * Whether a text is an absolute URI that everybody reads in the same way: of RFC 3986's characters, just as a URL parser
 * writes it (blanks, backslashes and dot segments are read in several ways; upper case and default ports are compared
 * exactly by some), and without credentials. The slash after a bare host may be left out.
 */
export function isUriAsWritten(text: string): boolean {
  const href = parseUri(text)?.href;
  return href === text || href === `${text}/`;
}

/** @returns null for what is no absolute URI of RFC 3986's characters, or holds credentials. */
export function parseUri(text: string): URL | null {
  const url = RFC_3986.test(text) ? URL.parse(text) : null;
  return url === null || url.username !== "" || url.password !== "" ? null : url;
}

export function isLoopback(url: URL): boolean {
  return LOOPBACK_HOSTS.includes(url.hostname);
}

/**
 * Whether others' documents may be fetched from here: https without a fragment; plain http only from
 * one loopback server to another, in development.
 */
export function isFetchable(uri: string, issuer: string): boolean {
  if (!isUriAsWritten(uri) || uri.includes("#")) return false;
  const url = new URL(uri);
  return url.protocol === "https:" || (isPlainLoopback(url) && isLoopback(new URL(issuer)));
}

/** Whether a browser may be sent here: https, the user's own machine, or an app (RFC 8252 §7); never a fragment. */
export function isRedirectable(uri: string): boolean {
  if (!isUriAsWritten(uri) || uri.includes("#")) return false;
  const url = new URL(uri);
  return url.protocol === "https:" || isPlainLoopback(url) || PRIVATE_USE_SCHEME.test(url.protocol);
}

function isPlainLoopback(url: URL): boolean {
  return url.protocol === "http:" && isLoopback(url);
}
