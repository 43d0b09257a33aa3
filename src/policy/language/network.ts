import ipaddr from "ipaddr.js";

/** A CIDR block or an address within the family it belongs to. */
type Address = ReturnType<typeof ipaddr.process>;

/**
 * Whether an address lies in a CIDR block; null when one of them cannot be read. An IPv4 address in IPv6 clothes
 * (::ffff:192.0.2.1) is the IPv4 address.
 */
export function isInNetwork(address: string, network: string): boolean | null {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(network)) return null;
  const plain = ipaddr.process(address);
  const [base, prefix] = ipaddr.parseCIDR(network);
  return plain.kind() === base.kind() && plain.match(base, prefix);
}

/**
 * What is wrong with a CIDR block, in words for its author; null when nothing is. The parser underneath also reads
 * octal, hexadecimal and shortened addresses, which mean something else to many readers.
 */
export function findNetworkFault(network: string): string | null {
  if (!isPlainCidr(network)) return "is not a CIDR block such as 192.0.2.0/24 or 2001:db8::/32";
  const [base] = ipaddr.parseCIDR(network);
  if (isMapped(base)) return "is IPv4 written as IPv6; write it as IPv4";
  const [, prefix] = network.split("/");
  const start = startOf(network, base);
  return start === base.toString() ? null : `has bits set beyond its prefix; the block is ${start}/${prefix}`;
}

function isPlainCidr(network: string): boolean {
  if (!/^[0-9a-fA-F.:]+\/(0|[1-9]\d{0,2})$/.test(network) || !ipaddr.isValidCIDR(network)) return false;
  return network.includes(":") || ipaddr.IPv4.isValidCIDRFourPartDecimal(network);
}

function isMapped(address: Address): boolean {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
}

function startOf(network: string, base: Address): string {
  const family = base.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return family.networkAddressFromCIDR(network).toString();
}
