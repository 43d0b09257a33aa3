import type { RptLocator } from "./locator.ts";
import type { PermissionBody } from "./permission.ts";

/** An introspection answer (RFC 7662 §2.2, FedAuthz §5.1.1). Never a scope: an RPT has permissions instead. */
export type IntrospectionBody =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly token_type: "Bearer";
      readonly iss: string;
      readonly aud: string;
      /** The requesting party as this resource server may know it. */
      readonly sub: string;
      readonly client_id: string;
      readonly iat: number;
      readonly exp: number;
      readonly permissions: readonly PermissionBody[];
    };

/** The one answer for whatever is unknown, expired, revoked or somebody else's (RFC 7662 §2.2). */
export const INACTIVE: IntrospectionBody = { active: false };

/** An active RPT, as its resource server is told of it. */
export interface ActiveRpt {
  readonly issuer: string;
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
    token_type: "Bearer",
    iss: issuer,
    aud: resourceServerId,
    sub: partyReference,
    client_id: locator.clientId,
    iat: locator.issuedAt,
    exp: locator.expiresAt,
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
