/** Hosts that never leave the machine (RFC 8252 §7.3). */
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** A private-use scheme is a reversed domain name of the app's maker (RFC 8252 §7.1): `com.example.app:`. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

export function isLoopback(url: URL): boolean {
  return LOOPBACK_HOSTS.includes(url.hostname);
}

/**
 * Whether others' documents may be fetched from here: https without a fragment or credentials; plain http only from
 * one loopback server to another, in development.
 */
export function isFetchable(uri: string, issuer: string): boolean {
  const url = URL.parse(uri);
  if (url === null || uri.includes("#") || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (isPlainLoopback(url) && isLoopback(new URL(issuer)));
}

/** Whether a browser may be sent here: https, the user's own machine, or an app (RFC 8252 §7); never a fragment. */
export function isRedirectable(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || uri.includes("#")) return false;
  return url.protocol === "https:" || isPlainLoopback(url) || PRIVATE_USE_SCHEME.test(url.protocol);
}

function isPlainLoopback(url: URL): boolean {
  return url.protocol === "http:" && isLoopback(url);
}
