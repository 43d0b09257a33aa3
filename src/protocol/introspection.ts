import { cnfOf, tokenTypeOf } from "./confirmation.ts";
import { CLOCK_SKEW_SECONDS } from "./lifetimes.ts";
import type { RptLocator } from "./locator.ts";
import type { Confirmation } from "./wire/confirmation.ts";
import type { IntrospectionBody } from "./wire/introspection.ts";
import type { PermissionBody } from "./wire/permission.ts";

/** The one answer for whatever is unknown, expired, revoked or somebody else's (RFC 7662 §2.2). */
export const INACTIVE: IntrospectionBody = { active: false };

/**
 * Whether the time from which a token is good has come (RFC 7662 §4): it has not where the clock was set back since then,
 * or that of who asks goes after another than that of who issued it, which may be a little ahead.
 * @param issuedAt epoch seconds
 */
export function hasBegun(issuedAt: number, now: number): boolean {
  return issuedAt <= now + CLOCK_SKEW_SECONDS;
}

/** An active RPT, as its resource server is told of it. */
interface ActiveRpt {
  readonly issuer: string;
  /** What this server calls a token that is bound to nothing. */
  readonly bearerName: string;
  readonly resourceServerId: string;
  readonly partyReference: string;
  readonly locator: RptLocator;
  /** What the grant still holds. */
  readonly permissions: readonly PermissionBody[];
}

/** Cuts the permissions to what this RPT was limited to; with nothing left it is not active. */
export function describeToken(rpt: ActiveRpt): IntrospectionBody {
  const { locator, issuer, resourceServerId, partyReference } = rpt;
  const permissions = limitPermissions(rpt.permissions, locator.scopes);
  if (permissions.length === 0) return INACTIVE;
  return {
    active: true,
    token_type: tokenTypeOf(locator.confirmation, rpt.bearerName),
    iss: issuer,
    aud: resourceServerId,
    sub: partyReference,
    client_id: locator.clientId,
    iat: locator.issuedAt,
    nbf: locator.issuedAt,
    exp: locator.expiresAt,
    ...cnfOf(locator.confirmation),
    permissions,
  };
}

/** An access token that is no RPT, as its own client is told of it. */
interface ActiveAccessToken {
  readonly issuer: string;
  readonly bearerName: string;
  /** The owner that it acts for, or the person that it tells about. */
  readonly subject: string;
  readonly clientId: string;
  readonly scope: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly confirmation: Confirmation | null;
}

/** RFC 7662 §2.2; such a token is for this server itself. */
export function describeAccessToken(token: ActiveAccessToken): IntrospectionBody {
  return {
    active: true,
    token_type: tokenTypeOf(token.confirmation, token.bearerName),
    iss: token.issuer,
    aud: token.issuer,
    sub: token.subject,
    client_id: token.clientId,
    iat: token.issuedAt,
    nbf: token.issuedAt,
    exp: token.expiresAt,
    ...cnfOf(token.confirmation),
    scope: token.scope,
  };
}

function limitPermissions(
  permissions: readonly PermissionBody[],
  scopes: readonly string[] | null,
): readonly PermissionBody[] {
  if (scopes === null) return permissions;
  return permissions
    .map((one) => ({ ...one, resource_scopes: one.resource_scopes.filter((scope) => scopes.includes(scope)) }))
    .filter(({ resource_scopes }) => resource_scopes.length > 0);
}
