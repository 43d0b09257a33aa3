import type { IntrospectReply, IntrospectRequest } from "./contract.ts";
import type { JudgedGrant } from "./grant.ts";
import { permissionBodies } from "./held-permission.ts";

/** What a resource server is told of an RPT: active only for its own, and as long as something is held. */
export function introspectGrant(request: IntrospectRequest, judged: JudgedGrant | null, now: number): IntrospectReply {
  const grant = judged?.current;
  if (!grant || grant.expiresAt <= now || grant.resourceServerId !== request.caller.clientId) {
    return { outcome: "inactive" };
  }
  const permissions = permissionBodies(grant.permissions, now, request.tokenExpiresAt);
  if (permissions.length === 0) return { outcome: "inactive" };
  return { outcome: "active", partyReference: grant.partyReference, permissions };
}
