import ipaddr from "ipaddr.js";
import { isFetchable, isLoopback } from "../../shared/uri.ts";

/** Names that only a private network resolves (RFC 6761, RFC 6762, RFC 8375, and .internal, which ICANN reserved). */
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa"];

/**
 * Whether a document may be fetched from here: https at a public host, so that nobody can point us at a machine behind
 * a firewall. A server that itself runs on loopback, in development, may also fetch from loopback.
 */
export function isPublicUrl(uri: string, issuer: string): boolean {
  if (!isFetchable(uri, issuer)) return false;
  const url = new URL(uri);
  return isPublicHost(url.hostname) || (isLoopback(url) && isLoopback(new URL(issuer)));
}

/** URL parsing has already turned every spelling of an IPv4 address (hexadecimal, one number) into the usual one. */
function isPublicHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (ipaddr.isValid(name)) return ipaddr.process(name).range() === "unicast";
  return name.includes(".") && !PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}
