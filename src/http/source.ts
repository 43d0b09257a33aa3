import ipaddr from "ipaddr.js";
import { RecentlyUsed } from "../shared/recently-used.ts";

/** The address that the edge gives to requests which another zone's Worker sends: one for all Workers. */
const WORKERS_ADDRESS = "2a06:98c0:3600::103";
/** Whoever has one IPv6 address has the whole network of this many bits (RFC 6177 §2). */
const NETWORK_BITS = 64;

/** The networks of the addresses seen last: to parse one takes longer than to check a secret. */
const networks = new RecentlyUsed<string>(1_000);

/**
 * Whose failures are counted together: an IPv4 address, an IPv6 network, or the zone of a Worker. Like whereaboutsOf it
 * reads only what the edge itself sets. Empty where there is no edge.
 */
export function sourceOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  const network = networks.find(address, () => networkOf(address));
  // The edge names the zone itself; beside any other address the header is the sender's own word.
  return network === WORKERS_ADDRESS ? `worker:${request.headers.get("cf-worker") ?? ""}` : network;
}

function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return "";
  const plain = ipaddr.process(address);
  if (plain.kind() === "ipv4" || plain.toString() === WORKERS_ADDRESS) return plain.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${plain.toString()}/${NETWORK_BITS}`).toString();
}
