import ipaddr from "ipaddr.js";

/** The address that the edge gives to requests which another zone's Worker sends: one for all Workers. */
const WORKERS_ADDRESS = "2a06:98c0:3600::103";
/** Whoever has one IPv6 address has the whole network of this many bits (RFC 6177 §2). */
const NETWORK_BITS = 64;

/**
 * Whose failures are counted together: an IPv4 address, an IPv6 network, or the zone of a Worker. Like whereaboutsOf it
 * reads only what the edge itself sets. Empty where there is no edge.
 */
export function sourceOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  if (!ipaddr.isValid(address)) return "";
  const plain = ipaddr.process(address);
  // The edge names the zone itself; beside any other address the header is the sender's own word.
  if (plain.toString() === WORKERS_ADDRESS) return `worker:${request.headers.get("cf-worker") ?? ""}`;
  if (plain.kind() === "ipv4") return plain.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${plain.toString()}/${NETWORK_BITS}`).toString();
}
