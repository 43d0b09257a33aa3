import { parseRptLocator, type RptLocator } from "../protocol/locator.ts";
import type { AccessTokenSigner } from "./ports/access-token.ts";
import type { Sealer } from "./ports/seal.ts";

export interface FindRptServices {
  readonly sealer: Sealer;
  readonly tokens: AccessTokenSigner;
}

/**
 * Reads where the grant of an RPT is kept, from a JWT by its jti or from a handle. A jti does not pass for a handle:
 * it is an identifier, and identifiers get logged.
 *
 * @returns null for what is not an RPT of ours, was altered, or has expired
 */
export async function findRpt(services: FindRptServices, token: string, now: number): Promise<RptLocator | null> {
  const claims = token.split(".").length === 3 ? await services.tokens.verify(token, now) : null;
  const statement = claims
    ? await services.sealer.open("locator", claims.jti)
    : await services.sealer.open("handle", token);
  const locator = parseRptLocator(statement);
  return locator && locator.expiresAt > now ? locator : null;
}
