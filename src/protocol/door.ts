import * as v from "valibot";
import type { AccessDetail } from "./access-request.ts";
import { ACCESS_DETAIL_TYPE, type AccessDetailBody } from "./wire/authorization.ts";
import type { PermissionBody } from "./wire/permission.ts";

/** By which names something was asked for that no ticket was made for, as far as the answer tells it. */
export interface Door {
  /** The resource identifiers that were named (RFC 8707): what the access token is for. */
  readonly resources: readonly string[];
  /** Of what was asked for by `authorization_details`, which resource each was found to be. */
  readonly details: readonly FoundDetail[];
}

export interface FoundDetail extends Pick<AccessDetail, "location" | "identifier"> {
  readonly resourceId: string;
}

/** It travels in a code, so its members stand by place. */
export const DoorStatement = v.tuple([
  v.array(v.string()),
  v.array(v.tuple([v.string(), v.string(), v.nullable(v.string())])),
]);

export function doorStatement({ resources, details }: Door): v.InferOutput<typeof DoorStatement> {
  return [[...resources], details.map(({ resourceId, location, identifier }) => [resourceId, location, identifier])];
}

export function toDoor([resources, details]: v.InferOutput<typeof DoorStatement>): Door {
  return {
    resources,
    details: details.map(([resourceId, location, identifier]) => ({ resourceId, location, identifier })),
  };
}

/** RFC 6749 §3.3; a scope of a resource may be any line. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** What may be done, as one `scope` parameter can say it: clients that came by a door read what they got. */
export function scopeOfPermissions(permissions: readonly Pick<PermissionBody, "resource_scopes">[]): string {
  const scopes = new Set(permissions.flatMap(({ resource_scopes }) => resource_scopes));
  return [...scopes].filter((scope) => SCOPE_TOKEN.test(scope)).join(" ");
}

/** What of the `authorization_details` was granted (RFC 9396 §7); empty: it was asked for in other ways. */
export function grantedDetails(
  { details }: Door,
  permissions: readonly Pick<PermissionBody, "resource_id" | "resource_scopes">[],
): readonly AccessDetailBody[] {
  // Scopes that end at different times are permissions of their own.
  const granted = Map.groupBy(permissions, ({ resource_id }) => resource_id);
  return details.flatMap(({ resourceId, location, identifier }) => {
    const actions = granted.get(resourceId)?.flatMap(({ resource_scopes }) => resource_scopes);
    if (actions === undefined) return [];
    const named = identifier === null ? {} : { identifier };
    return [{ type: ACCESS_DETAIL_TYPE, locations: [location], ...named, actions }];
  });
}
