/**
 * What an entry of the owner's book takes away from a grant. This is withdrawal, not assessment: it never adds, it
 * judges on the claims kept for the grant and as of the entry's own time, and what cannot be judged is gone
 * (ledger/README.md, rule 6; Grant §3.6 forbids to assess again).
 */

import { type EvaluationFacts, evaluatePolicy, reachedThrough } from "../policy/evaluation/evaluate.ts";
import { evaluateMembership } from "../policy/evaluation/membership.ts";
import type { PolicyOutcome } from "../policy/evaluation/outcome.ts";
import { ANYBODY } from "../policy/evaluation/witnesses.ts";
import type { Group, Policy } from "../policy/language/policy.ts";
import type { PartyClaims } from "../protocol/claims.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { ResourceDescriptionBody } from "../protocol/wire/resource.ts";
import { isEqual } from "../shared/equal.ts";
import type { BookEntry, Change, Cut } from "./change.ts";
import {
  endingBy,
  filterScopes,
  type Ground,
  type HeldPermission,
  type HeldScope,
  reaching,
  revise,
  reviseScopes,
} from "./held-permission.ts";

/** A grant as withdrawal looks at it. */
export interface HeldGrant {
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly partyReference: string;
  readonly permissions: readonly HeldPermission[];
}

/** Whether an entry can only be judged with the claims kept for the grant. */
export function needsClaims(grant: HeldGrant, entry: BookEntry): boolean {
  if (!("change" in entry.content)) return false;
  const { change } = entry.content;
  if (change.kind === "put_group") return holdsMembership(grant.permissions, change.id);
  return change.kind === "put_policy" && withdraw(grant, entry, null) !== grant.permissions;
}

/**
 * The permissions that are left of a grant after an entry.
 *
 * @param party the claims kept for the grant; null when there are none or they cannot be opened
 * @returns the very same list when the entry takes nothing
 */
export function withdraw(grant: HeldGrant, entry: BookEntry, party: PartyClaims | null): readonly HeldPermission[] {
  return "cut" in entry.content
    ? afterCut(grant, entry.content.cut)
    : afterChange(grant, entry.content.change, { grant, party, at: entry.at });
}

interface Judgement {
  readonly grant: HeldGrant;
  readonly party: PartyClaims | null;
  readonly at: number;
}

function afterCut({ clientId, partyReference, permissions }: HeldGrant, cut: Cut): readonly HeldPermission[] {
  switch (cut.by) {
    case "everyone":
      return [];
    case "client":
      return cut.clientId === clientId ? [] : permissions;
    case "party":
      return cut.partyReference === partyReference ? [] : permissions;
    case "resource":
      // Whoever cuts off a collection means what is in it.
      return revise(withoutResource(permissions, cut.resourceId), (permission) =>
        permission.collections?.includes(cut.resourceId) ? null : permission,
      );
  }
}

function afterChange(grant: HeldGrant, change: Change, judgement: Judgement): readonly HeldPermission[] {
  const { permissions } = grant;
  // Another resource server's id finds nothing in D1, so it must take nothing while it is on its way there either.
  if ("resourceServerId" in change && change.resourceServerId !== grant.resourceServerId) return permissions;
  switch (change.kind) {
    case "put_policy":
      return afterPolicy(permissions, { id: change.id, version: 0, document: change.document }, judgement);
    case "delete_policy":
      return keepGrounds(permissions, (ground) => (ground.policyId === change.id ? null : ground));
    case "put_group":
      return afterGroup(permissions, { id: change.id, version: 0, document: change.document }, judgement.party);
    case "delete_group":
      return filterScopes(permissions, ({ memberships }) => !Object.hasOwn(memberships, change.id));
    case "update_resource":
      return afterResource(permissions, change.id, change.description);
    case "delete_resource":
      return revise(withoutResource(permissions, change.id), (permission) =>
        stayingIn(permission, (collection) => collection !== change.id),
      );
    case "put_connection":
    case "allow_connection":
    case "revoke_token":
      return permissions;
    case "end_connection":
      return change.clientId === grant.resourceServerId || change.clientId === grant.clientId ? [] : permissions;
  }
}

/** A permit holds on as one of the grounds, or not; it adds none. A deny takes away whatever it does not clearly spare. */
function afterPolicy(
  permissions: readonly HeldPermission[],
  policy: Policy,
  judgement: Judgement,
): readonly HeldPermission[] {
  return keepGrounds(permissions, (ground, held, permission) => {
    const { effect, outcome, endsAt, startsAt, tokenLifetime, counted } = judge(
      withoutKnownWhere(policy, ground),
      held,
      permission,
      judgement,
    );
    if (effect === "deny") {
      const spared = (outcome === "no" || isSparedBy(policy, held)) && ground.policyId !== policy.id;
      return spared ? endingBy(ground, startsAt) : null;
    }
    if (ground.policyId !== policy.id) return ground;
    // A use that was not counted when it was granted cannot be counted now, and would go on without end.
    const stands = outcome === "yes" && (held.counted || !counted);
    if (!stands) return null;
    const through = reachedThrough(policy.document.target, resourceOf(permission, held.scope, judgement.grant));
    return reaching(withLifetime(endingBy(ground, endsAt), tokenLifetime), through);
  });
}

/** Where the caller was is not kept, but that it was in these places is: a permit for the same ones stands. */
function withoutKnownWhere(policy: Policy, ground: Ground): Policy {
  const { where, ...anywhere } = policy.document;
  const known = where !== undefined && ground.policyId === policy.id && isEqual(where, ground.where);
  return known ? { ...policy, document: anywhere } : policy;
}

/** A deny for the very places that the caller is known not to be in spares what it spared before. */
function isSparedBy({ id, document }: Policy, { sparedBy }: HeldScope): boolean {
  return sparedBy.some(({ policyId, where }) => policyId === id && isEqual(where, document.where));
}

function judge(
  policy: Policy,
  { scope, memberships }: HeldScope,
  permission: HeldPermission,
  { grant, party, at }: Judgement,
): Pick<PolicyOutcome, "effect" | "outcome" | "endsAt" | "startsAt" | "tokenLifetime" | "counted"> {
  const resource = resourceOf(permission, scope, grant);
  return evaluatePolicy(policy, resource, scope, { ...factsOf(grant, party, at), memberships });
}

/** A resource as far as a grant knows it, where this scope of it is asked for. */
function resourceOf(
  { resourceId: id, type, collections = [] }: HeldPermission,
  scope: string | null,
  { resourceServerId }: HeldGrant,
): ProtectedResource {
  return { id, resourceServerId, type, collections, scopes: scope === null ? [] : [scope] };
}

/**
 * Where the caller was and what was agreed to is not kept: whatever asks for it is an error. Of groups is kept what was
 * found, and every change of one since was applied to that (`afterGroup`).
 */
function factsOf(grant: HeldGrant, party: PartyClaims | null, at: number): EvaluationFacts {
  return {
    party,
    clientId: grant.clientId,
    witnesses: ANYBODY,
    groups: new Map(),
    whereabouts: { country: null, address: null },
    usesLeft: () => Number.POSITIVE_INFINITY,
    agreements: [],
    now: at,
  };
}

function afterGroup(
  permissions: readonly HeldPermission[],
  group: Group,
  party: PartyClaims | null,
): readonly HeldPermission[] {
  const { truth } = evaluateMembership(group, party, "group");
  return filterScopes(permissions, ({ memberships }) => {
    return !Object.hasOwn(memberships, group.id) || (memberships[group.id] === truth && truth !== "unknown");
  });
}

/** A new type or collection may bring other policies into play, which only an assessment could weigh. */
function afterResource(
  permissions: readonly HeldPermission[],
  resourceId: string,
  description: ResourceDescriptionBody,
): readonly HeldPermission[] {
  const { type = null, collections } = description;
  const isIn = (collection: string) => collections?.includes(collection) ?? false;
  const left = filterScopes(permissions, ({ scope }, permission) => {
    if (permission.resourceId !== resourceId) return true;
    const isNew = permission.type !== type || collections?.some((id) => !permission.collections?.includes(id));
    return !isNew && (scope === null || description.resource_scopes.includes(scope));
  });
  return revise(left, (permission) =>
    permission.resourceId === resourceId ? stayingIn(permission, isIn) : permission,
  );
}

/** What is left where a resource stays in these of its collections, and has left the others, or they are gone. */
function stayingIn(permission: HeldPermission, isIn: (collection: string) => boolean): HeldPermission | null {
  const { collections = [] } = permission;
  const kept = collections.filter(isIn);
  if (kept.length === collections.length) return permission;
  const [left = null] = keepGrounds([{ ...permission, collections: kept }], (ground) => {
    const through = ground.through?.filter(isIn);
    return through?.length === 0 ? null : reaching(ground, through);
  });
  return left;
}

function withoutResource(permissions: readonly HeldPermission[], resourceId: string): readonly HeldPermission[] {
  return revise(permissions, (permission) => (permission.resourceId === resourceId ? null : permission));
}

function holdsMembership(permissions: readonly HeldPermission[], groupId: string): boolean {
  return permissions.some(({ scopes }) => scopes.some(({ memberships }) => Object.hasOwn(memberships, groupId)));
}

/** Maps the grounds of every scope; a scope that loses its last ground is gone. */
function keepGrounds(
  permissions: readonly HeldPermission[],
  keep: (ground: Ground, held: HeldScope, permission: HeldPermission) => Ground | null,
): readonly HeldPermission[] {
  return reviseScopes(permissions, (held, permission) => {
    const grounds = revise(held.grounds, (ground) => keep(ground, held, permission));
    if (grounds.length === 0) return null;
    return grounds === held.grounds ? held : { ...held, grounds };
  });
}

/** A ground whose RPTs live this many seconds (null: it does not say) if they did not end sooner before. */
function withLifetime(ground: Ground, lifetime: number | null): Ground {
  if (lifetime === null || (ground.tokenLifetime !== null && ground.tokenLifetime <= lifetime)) return ground;
  return { ...ground, tokenLifetime: lifetime };
}
