import { cnfOf, tokenTypeOf } from "./confirmation.ts";
import type { RptLocator } from "./locator.ts";
import type { IntrospectionBody } from "./wire/introspection.ts";
import type { PermissionBody } from "./wire/permission.ts";

/** The one answer for whatever is unknown, expired, revoked or somebody else's (RFC 7662 §2.2). */
export const INACTIVE: IntrospectionBody = { active: false };

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
    exp: locator.expiresAt,
    ...cnfOf(locator.confirmation),
    permissions,
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
