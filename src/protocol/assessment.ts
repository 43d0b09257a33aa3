import { MAX_REQUESTED_SCOPES } from "../shared/limits.ts";
import type { RequestedPermission } from "./permission.ts";
import type { ProtectedResource } from "./resource.ts";

/** The scopes that one resource of a ticket is asked for. An empty list is a permission without scopes. */
export interface RequestedScopes {
  readonly resource: ProtectedResource;
  readonly scopes: readonly string[];
}

type RequestedSets =
  | { readonly outcome: "requested"; readonly sets: readonly RequestedScopes[] }
  /** These fit no resource of the ticket, the client is not registered for them, or with them it is too much at once. */
  | { readonly outcome: "invalid_scope"; readonly scopes: readonly string[] };

/**
 * The requested scopes of an assessment: per resource the scopes of the ticket, united with those the client asked for
 * now and is registered for, as far as the resource still has them (Grant §3.3.4). `scope` only adds.
 *
 * @param permissions what the ticket stands for
 * @param resources what is registered now; a resource that is gone is no longer requested
 * @param registered scopes the client is registered for
 * @param requested the `scope` parameter of this very request; earlier rounds do not count
 */
export function requestedSets(
  permissions: readonly RequestedPermission[],
  resources: readonly ProtectedResource[],
  registered: readonly string[],
  requested: readonly string[],
): RequestedSets {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const asked = permissions.flatMap(({ resourceId, scopes }) => {
    const resource = byId.get(resourceId);
    return resource ? [{ resource, scopes }] : [];
  });
  const misfits = requested.filter(
    (scope) => !registered.includes(scope) || !asked.some(({ resource }) => resource.scopes.includes(scope)),
  );
  if (misfits.length > 0) return { outcome: "invalid_scope", scopes: misfits };
  const sets = asked.map((one) => withExtra(one, requested));
  const count = sets.reduce((sum, { scopes }) => sum + scopes.length, 0);
  return count > MAX_REQUESTED_SCOPES
    ? { outcome: "invalid_scope", scopes: requested }
    : { outcome: "requested", sets };
}

/** A scope of the ticket that was removed from the resource since stays requested, and is never granted. */
function withExtra({ resource, scopes }: RequestedScopes, requested: readonly string[]): RequestedScopes {
  const extra = requested.filter((scope) => resource.scopes.includes(scope));
  return { resource, scopes: [...new Set([...scopes, ...extra])] };
}
