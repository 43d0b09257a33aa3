import ipaddr from "ipaddr.js";

/** Whoever has one IPv6 address has the 2^64 of its network (RFC 4291 §2.5.1), so those count as one. */
const IPV6_NETWORK_BITS = 64;

/**
 * Where requests come from, for counting: the address, or its network where one sender has many.
 *
 * @returns a text to count under; the same for all whose address is not known
 */
export function sourceNetworkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return "unknown";
  const plain = ipaddr.process(address);
  if (plain.kind() === "ipv4") return plain.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${plain.toString()}/${IPV6_NETWORK_BITS}`).toString();
}
