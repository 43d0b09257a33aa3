import * as v from "valibot";
import { ProtocolError } from "../shared/error.ts";
import {
  MAX_PERMISSIONS,
  MAX_REQUESTED_SCOPES,
  MAX_SCOPES_PER_PERMISSION,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import { boundedText, listOf, nonEmptyListOf, parseBody, thisOrList } from "../shared/parse.ts";
import type { ProtectedResource } from "./resource.ts";

/** What a resource server asked for on behalf of a client. */
export interface RequestedPermission {
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

/** One permission that is asked for. */
const Permission = v.object({
  resource_id: boundedText(MAX_WORD_CHARACTERS),
  resource_scopes: listOf(boundedText(MAX_WORD_CHARACTERS), MAX_SCOPES_PER_PERMISSION),
});

/** One, or several at once (FedAuthz §4.1). */
export const PermissionRequestBody = thisOrList(Permission, nonEmptyListOf(Permission, MAX_PERMISSIONS));

/**
 * Reads a permission request: one object or several (FedAuthz §4.1). Entries for the same resource become one.
 * @throws ProtocolError invalid_request.
 */
export function parsePermissionRequest(input: unknown): readonly RequestedPermission[] {
  const body = parseBody(PermissionRequestBody, input);
  const entries = Array.isArray(body) ? body : [body];
  const scopes = new Map<string, Set<string>>();
  for (const { resource_id, resource_scopes } of entries) {
    scopes.set(resource_id, new Set([...(scopes.get(resource_id) ?? []), ...resource_scopes]));
  }
  const count = [...scopes.values()].reduce((sum, asked) => sum + asked.size, 0);
  if (count > MAX_REQUESTED_SCOPES) {
    throw new ProtocolError("invalid_request", `must ask for at most ${MAX_REQUESTED_SCOPES} scopes in all`);
  }
  return [...scopes].map(([resourceId, asked]) => ({ resourceId, scopes: [...asked] }));
}

/**
 * All or nothing: every resource must be registered by the resource server that asks, for the owner it asks for, and
 * with every scope (FedAuthz §4.3).
 * @param resources those of the requested ones that this resource server registered for this owner.
 * @returns invalid_resource_id, or else invalid_scope; null when all of it may be asked for.
 */
export function findRequestFault(
  requested: readonly RequestedPermission[],
  resources: readonly ProtectedResource[],
): ProtocolError | null {
  const available = new Map(resources.map(({ id, scopes }) => [id, new Set(scopes)]));
  if (requested.some(({ resourceId }) => !available.has(resourceId))) {
    return new ProtocolError("invalid_resource_id", "a resource_id is not registered under this access token");
  }
  if (requested.some(({ resourceId, scopes }) => scopes.some((scope) => !available.get(resourceId)?.has(scope)))) {
    return new ProtocolError("invalid_scope", "a scope is not registered for the resource it is asked for");
  }
  return null;
}
