import { parseRptLocator, type RptLocator } from "../protocol/locator.ts";
import type { AccessTokenSigner } from "./ports/access-token.ts";
import type { Sealer } from "./ports/seal.ts";

export interface FindRptServices {
  readonly sealer: Sealer;
  readonly tokens: AccessTokenSigner;
}

/**
 * Reads where the grant of an RPT is kept.
 *
 * @returns null for what is not an RPT of ours, was altered, or has expired
 */
export async function findRpt(services: FindRptServices, token: string, now: number): Promise<RptLocator | null> {
  const locator = await readRpt(services, token, now);
  return locator && locator.expiresAt > now ? locator : null;
}

/**
 * The same of an RPT that may have expired: from a JWT by its jti, or from a handle. A jti does not pass for a handle: it
 * is an identifier, and identifiers get logged.
 */
export async function readRpt(services: FindRptServices, token: string, now: number): Promise<RptLocator | null> {
  const claims = token.split(".").length === 3 ? await services.tokens.read(token, now) : null;
  // The id of a token that is no RPT looks sealed under a key that nobody knows here, about which the ring would be asked.
  if (claims !== null && claims.permissions === undefined) return null;
  const statement = claims
    ? await services.sealer.open("locator", claims.jti)
    : await services.sealer.open("handle", token);
  return parseRptLocator(statement);
}
