import * as v from "valibot";
import { ProtocolError } from "../shared/error.ts";
import { boundedText, parseBody } from "../shared/parse.ts";
import type { ProtectedResource } from "./resource.ts";
import { MAX_SCOPE_LENGTH } from "./scope.ts";

/** What a resource server asked for on behalf of a client. */
export interface RequestedPermission {
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

/** Of one permission request; a ticket has to carry them all. */
const MAX_PERMISSIONS = 30;
const MAX_SCOPES = 50;
const MAX_RESOURCE_ID_LENGTH = 256;

const Permission = v.object(
  {
    resource_id: boundedText(MAX_RESOURCE_ID_LENGTH),
    resource_scopes: v.pipe(
      v.array(boundedText(MAX_SCOPE_LENGTH), "must be a list of texts"),
      v.maxLength(MAX_SCOPES, `must not have more than ${MAX_SCOPES} scopes`),
    ),
  },
  "must be an object with resource_id and resource_scopes",
);

const Permissions = v.pipe(
  v.array(Permission),
  v.minLength(1, "ask for at least one permission"),
  v.maxLength(MAX_PERMISSIONS, `ask for at most ${MAX_PERMISSIONS} permissions at once`),
);

/**
 * Reads a permission request: one object or several (FedAuthz §4.1). Entries for the same resource become one.
 * @throws ProtocolError invalid_request.
 */
export function parsePermissionRequest(input: unknown): readonly RequestedPermission[] {
  const entries = Array.isArray(input) ? parseBody(Permissions, input) : [parseBody(Permission, input)];
  const scopes = new Map<string, Set<string>>();
  for (const { resource_id, resource_scopes } of entries) {
    scopes.set(resource_id, new Set([...(scopes.get(resource_id) ?? []), ...resource_scopes]));
  }
  return [...scopes].map(([resourceId, asked]) => ({ resourceId, scopes: [...asked] }));
}

/**
 * All or nothing: every resource must be registered by the resource server that asks, for the owner it asks for, and
 * with every scope (FedAuthz §4.3).
 * @param resources those of the requested ones that this resource server registered for this owner.
 * @throws ProtocolError invalid_resource_id, or else invalid_scope.
 */
export function checkRequestable(
  requested: readonly RequestedPermission[],
  resources: readonly ProtectedResource[],
): void {
  const available = new Map(resources.map(({ id, scopes }) => [id, new Set(scopes)]));
  if (requested.some(({ resourceId }) => !available.has(resourceId))) {
    throw new ProtocolError("invalid_resource_id", "a resource_id is not registered under this access token");
  }
  if (requested.some(({ resourceId, scopes }) => scopes.some((scope) => !available.get(resourceId)?.has(scope)))) {
    throw new ProtocolError("invalid_scope", "a scope is not registered for the resource it is asked for");
  }
}
