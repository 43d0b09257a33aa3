import ipaddr from "ipaddr.js";
import { isFetchable, isLoopback } from "./uri.ts";

/**
 * Ends of names that no public host has. Reserved: RFC 6761 (localhost, test, invalid), RFC 6762 §3 and Appendix G
 * (local, intranet, internal, private, corp, home, lan), RFC 7686 (onion), RFC 8375 and RFC 9476 (arpa, alt); ICANN will
 * never delegate corp, home, mail and internal. The others are what routers, clusters and service registries make up.
 */
const PRIVATE_ENDS: ReadonlySet<string> = new Set([
  ...["localhost", "test", "invalid", "local", "intranet", "internal", "private", "corp", "home", "lan"],
  ...["onion", "arpa", "alt", "mail", "localdomain", "domain", "workgroup", "router", "gateway", "intra", "priv"],
  ...["svc", "cluster", "consul", "nomad", "vault", "docker", "kubernetes", "k8s", "node", "service"],
]);

/** Where IANA assigns public IPv6 addresses: every form that carries an IPv4 address in its tail lies outside. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether a document may be fetched from here: https at a public host, so that nobody can point us at a machine behind
 * a firewall. A server that itself runs on loopback, in development, may also fetch from loopback. A public name whose
 * address is private cannot be told here; the platform's fetch leaves through the public network, where it leads nowhere.
 * @param issuer ours, which tells whether we run on loopback.
 */
export function isPublicUrl(uri: string, issuer: string): boolean {
  if (!isFetchable(uri, issuer)) return false;
  const url = new URL(uri);
  return isPublicHost(url.hostname) || (isLoopback(url) && isLoopback(new URL(issuer)));
}

/** URL parsing has already turned every spelling of an IPv4 address (hexadecimal, one number) into the usual one. */
function isPublicHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return ipaddr.isValid(name) ? isPublicAddress(ipaddr.parse(name)) : isPublicName(name.split("."));
}

function isPublicAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== "unicast") return false;
  return !(address instanceof ipaddr.IPv6) || address.match(GLOBAL_UNICAST);
}

function isPublicName(labels: readonly string[]): boolean {
  return labels.length > 1 && !labels.includes("") && !PRIVATE_ENDS.has(labels.at(-1) ?? "");
}
