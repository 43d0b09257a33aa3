import type { Whereabouts } from "../policy/evaluation/where.ts";

/** Codes that stand for no country: not known, and the Tor network. */
const NO_COUNTRY = new Set(["XX", "T1"]);

/**
 * Where the caller was seen by the edge. Only what the edge itself sets counts: X-Forwarded-For, Forwarded and their
 * kin are the sender's own words (RFC 9700 §4.13).
 */
export function whereaboutsOf(request: Request): Whereabouts {
  return { country: countryOf(request), address: request.headers.get("cf-connecting-ip") };
}

function countryOf(request: Request): string | null {
  const country: unknown = request.cf?.country;
  return typeof country === "string" && !NO_COUNTRY.has(country) ? country : null;
}
