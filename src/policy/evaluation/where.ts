import { findUnknownMember, WHERE_MEMBERS } from "../language/members.ts";
import { isInNetwork } from "../language/network.ts";
import type { Effect, WhereBody } from "../language/policy.ts";
import { allOf, because, type Finding, YES } from "./finding.ts";

/** Where a request came from, as the platform saw it. Null: not known. */
export interface Whereabouts {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** An IPv4 or IPv6 address. */
  readonly address: string | null;
}

/**
 * Whether a policy holds for where the caller is. Nothing the party or its client says counts here: context and claims
 * are separate, so that a pushed claim cannot speak for the server's own eyes (CVE-2026-18572).
 */
export function evaluateWhere(where: WhereBody, seen: Whereabouts, effect: Effect): Finding {
  const unknown = findUnknownMember(where, WHERE_MEMBERS);
  if (unknown !== undefined) return because("error", "where", `${unknown} is not known`);
  return allOf([evaluateCountries(where, seen), evaluateNetworks(where, seen)], effect);
}

function evaluateCountries(where: WhereBody, seen: Whereabouts): Finding {
  if (where.countries === undefined) return YES;
  if (seen.country === null) return because("error", "where.countries", "the country of the caller is not known");
  const listed = where.countries.includes(seen.country.toUpperCase());
  return listed ? YES : because("no", "where.countries", "the caller is in another country");
}

function evaluateNetworks(where: WhereBody, seen: Whereabouts): Finding {
  if (where.networks === undefined) return YES;
  const { address } = seen;
  if (address === null) return because("error", "where.networks", "the network address of the caller is not known");
  const answers = where.networks.map((network) => isInNetwork(address, network));
  if (answers.includes(true)) return YES;
  if (answers.includes(null)) return because("error", "where.networks", "an address or a network cannot be read");
  return because("no", "where.networks", "the caller is in another network");
}
