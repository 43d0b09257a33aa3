import * as v from "valibot";
import type { AccessDetail } from "./access-request.ts";
import { ACCESS_DETAIL_TYPE, type AccessDetailBody } from "./wire/authorization.ts";
import type { PermissionBody } from "./wire/permission.ts";

/** By which names something was asked for that no ticket was made for, and what these were found to be. */
export interface Door {
  /** Of the resource identifiers that were named (RFC 8707). */
  readonly resources: readonly FoundName[];
  /** Of what was asked for by `authorization_details`. */
  readonly details: readonly FoundDetail[];
}

export interface FoundName extends Pick<AccessDetail, "location"> {
  readonly resourceId: string;
}

export interface FoundDetail extends FoundName, Pick<AccessDetail, "identifier"> {}

/** A name that an access token may be for. */
export interface AudienceName extends FoundName {
  /** Whether the resource bears the name itself; else it is another one that is kept there. */
  readonly isItself: boolean;
}

/** It travels in a code, so its members stand by place. */
export const DoorStatement = v.tuple([
  v.array(v.tuple([v.string(), v.string()])),
  v.array(v.tuple([v.string(), v.string(), v.nullable(v.string())])),
]);

export function doorStatement({ resources, details }: Door): v.InferOutput<typeof DoorStatement> {
  return [
    resources.map(({ resourceId, location }) => [resourceId, location]),
    details.map(({ resourceId, location, identifier }) => [resourceId, location, identifier]),
  ];
}

export function toDoor([resources, details]: v.InferOutput<typeof DoorStatement>): Door {
  return {
    resources: resources.map(([resourceId, location]) => ({ resourceId, location })),
    details: details.map(([resourceId, location, identifier]) => ({ resourceId, location, identifier })),
  };
}

/** What an access token that comes of it may be for. */
export function audienceOf({ resources, details }: Door): readonly AudienceName[] {
  return [
    ...resources.map(({ resourceId, location }) => ({ resourceId, location, isItself: true })),
    ...details.map(({ resourceId, location, identifier }) => ({ resourceId, location, isItself: identifier === null })),
  ];
}

/** The resource identifiers among names, each once. */
export function locationsIn(names: readonly Pick<FoundName, "location">[]): readonly string[] {
  return [...new Set(names.map(({ location }) => location))];
}

/** What an access token says of itself to whoever knows no permissions (RFC 9068 §2.2, §2.2.3). */
interface NamedAccess {
  readonly audience: readonly string[];
  /** Empty: nothing that one text could say. */
  readonly scope: string;
}

/**
 * For which of the names an access token is, and with which scope. INVARIANT: a reader may take each scope to hold for each
 * name (RFC 8707 §2, RFC 9068 §3) and as long as the token lives, so a name of which nothing was granted is none, and a
 * scope is one that was granted of every resource by these names and does not end before; the permissions say the rest.
 */
export function namedAccess(names: readonly AudienceName[], permissions: readonly PermissionBody[]): NamedAccess {
  const granted = new Set(permissions.map(({ resource_id }) => resource_id));
  const audience = locationsIn(names.filter(({ resourceId }) => granted.has(resourceId)));
  const lasting = permissions.filter(({ exp }) => exp === undefined);
  const heldAt = audience.map((at) => {
    const itself = names.find(({ location, isItself }) => isItself && location === at);
    return new Set(scopesOf(lasting.filter(({ resource_id }) => resource_id === itself?.resourceId)));
  });
  const everywhere = scopesOf(lasting).filter((scope) => heldAt.every((held) => held.has(scope)));
  return { audience, scope: scopeText(everywhere) };
}

/** RFC 6749 §3.3; a scope of a resource may be any line. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** What may be done, as one `scope` parameter can say it: clients that came by a door read what they got. */
export function scopeOfPermissions(permissions: readonly Pick<PermissionBody, "resource_scopes">[]): string {
  return scopeText(scopesOf(permissions));
}

function scopesOf(permissions: readonly Pick<PermissionBody, "resource_scopes">[]): readonly string[] {
  return permissions.flatMap(({ resource_scopes }) => resource_scopes);
}

function scopeText(scopes: readonly string[]): string {
  return [...new Set(scopes)].filter((scope) => SCOPE_TOKEN.test(scope)).join(" ");
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
