import { isLoopback, isUriAsWritten } from "../shared/uri.ts";

/**
 * Whether a client may name this URI in a request: it is compared as text with those that are registered (RFC 9700
 * §2.1), but for the port of an app that listens on its user's own machine (RFC 8252 §7.3).
 */
export function isRegistered(registered: readonly string[], uri: string): boolean {
  if (registered.includes(uri)) return true;
  const portless = withoutLoopbackPort(uri);
  return portless !== null && registered.some((one) => withoutLoopbackPort(one) === portless);
}

/** @returns null for whatever is not plain http on loopback */
function withoutLoopbackPort(uri: string): string | null {
  if (!isUriAsWritten(uri)) return null;
  const url = new URL(uri);
  if (url.protocol !== "http:" || !isLoopback(url)) return null;
  return uri.replace(url.host, url.hostname);
}

/** A URI with parameters added to its query, which it keeps (RFC 6749 §3.1.2). Members that are null are left out. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | null>>): string {
  const sent = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== null);
  const query = new URLSearchParams(sent).toString();
  if (!uri.includes("?")) return `${uri}?${query}`;
  return /[?&]$/.test(uri) ? uri + query : `${uri}&${query}`;
}
