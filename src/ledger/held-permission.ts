/**
 * What a grant holds: permissions with everything that a later withdrawal must know to take them away again
 * (ledger/README.md, rule 6).
 */

import type { Decision, PolicyOutcome, Truth } from "../policy/evaluation/outcome.ts";
import type { WhereBody } from "../policy/language/policy.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { PermissionBody } from "../protocol/wire/permission.ts";
import { isEqual } from "../shared/equal.ts";

/** A policy that said yes. Epoch seconds; null: no end of its own. */
export interface Ground {
  readonly policyId: string;
  readonly version: number;
  readonly endsAt: number | null;
  /** Seconds that its RPTs live at most; null: it does not say. */
  readonly tokenLifetime: number | null;
  /** Where it holds; looked at again at each refresh. Null: anywhere. */
  readonly where: WhereBody | null;
  /** The collections by which alone its policy reaches the resource; left out: it reaches it without any. */
  readonly through?: readonly string[];
}

/** A deny that only the caller's whereabouts kept off; looked at again at each refresh. */
export interface SparedBy {
  readonly policyId: string;
  readonly where: WhereBody;
}

export interface HeldScope {
  /** Null for a permission without scopes. */
  readonly scope: string | null;
  /** Each of these carries the scope on its own; when none is left the scope is gone. */
  readonly grounds: readonly Ground[];
  /** Groups that were looked at, and what was found. */
  readonly memberships: Readonly<Record<string, Truth>>;
  readonly sparedBy: readonly SparedBy[];
  /** Stands on a policy with a limited number of uses, so a refresh does not renew it. */
  readonly counted: boolean;
}

export interface HeldPermission {
  readonly resourceId: string;
  readonly type: string | null;
  /** Those that the resource is in; left out: none. */
  readonly collections?: readonly string[];
  readonly scopes: readonly HeldScope[];
}

/** A grant is one row, and rows have an end (2 MB); characters. */
const MAX_HELD_CHARACTERS = 1_000_000;

/** Whether one grant has room for all of it. */
export function fitsGrant(permissions: readonly HeldPermission[]): boolean {
  let characters = 0;
  for (const held of permissions.flatMap(({ scopes }) => scopes)) {
    characters += JSON.stringify(held).length;
    if (characters > MAX_HELD_CHARACTERS) return false;
  }
  return true;
}

/** What a grant holds of a resource. */
export function holdResource({ id, type, collections }: ProtectedResource): Omit<HeldPermission, "scopes"> {
  return { resourceId: id, type, ...(collections.length === 0 ? {} : { collections }) };
}

/** A scope that was just decided, as a grant holds it. */
export function holdScope(scope: string | null, decision: Decision): HeldScope {
  return {
    scope,
    grounds: decision.grounds.map(toGround),
    memberships: membershipsOf(decision),
    sparedBy: decision.considered.flatMap(({ effect, policyId, where }) =>
      effect === "deny" && where !== null ? [{ policyId, where }] : [],
    ),
    counted: decision.grounds.every((ground) => ground.counted),
  };
}

function toGround({ policyId, version, endsAt, tokenLifetime, where }: PolicyOutcome): Ground {
  return { policyId, version, endsAt, tokenLifetime, where };
}

/** A ground whose policy reaches the resource by these collections alone. @returns the very same where that is known */
export function reaching(ground: Ground, through: readonly string[] | undefined): Ground {
  if (isEqual(ground.through, through)) return ground;
  const { through: _, ...direct } = ground;
  return through === undefined ? direct : { ...direct, through };
}

/** A ground that ends at this time (epoch seconds; null: no end) if it does not end sooner. */
export function endingBy(ground: Ground, end: number | null): Ground {
  if (end === null || (ground.endsAt !== null && ground.endsAt <= end)) return ground;
  return { ...ground, endsAt: end };
}

/** The shortest life, in seconds, that a ground of these permissions gives an RPT; Infinity when none says. */
export function shortestLifetime(permissions: readonly HeldPermission[]): number {
  const grounds = permissions.flatMap(({ scopes }) => scopes.flatMap((held) => held.grounds));
  return Math.min(...grounds.map(({ tokenLifetime }) => tokenLifetime ?? Number.POSITIVE_INFINITY));
}

/** A permit that carries nothing can take nothing away, whoever joins its groups or leaves them. */
function membershipsOf({ considered, grounds }: Decision): Readonly<Record<string, Truth>> {
  const carrying = new Set(grounds.map(({ policyId }) => policyId));
  const memberships: Record<string, Truth> = {};
  for (const outcome of considered) {
    if (outcome.effect === "deny" || carrying.has(outcome.policyId)) Object.assign(memberships, outcome.memberships);
  }
  return memberships;
}

/** When a scope ends: with the last policy that carries it. Infinity: it has no end of its own. */
export function endOf(held: HeldScope): number {
  return Math.max(...held.grounds.map((ground) => ground.endsAt ?? Number.POSITIVE_INFINITY));
}

/** When the last of these permissions ends; Infinity when one has no end of its own. */
export function lastEnd(permissions: readonly HeldPermission[]): number {
  return Math.max(...permissions.flatMap(({ scopes }) => scopes.map(endOf)));
}

/** Changes items or drops them (null). @returns the very same list when all of them stay as they are */
export function revise<Item extends object>(
  items: readonly Item[],
  change: (item: Item) => Item | null,
): readonly Item[] {
  const revised = items.map(change);
  if (revised.every((item, index) => item === items[index])) return items;
  return revised.filter((item) => item !== null);
}

/**
 * Changes scopes or drops them (null), and drops the permissions that have none left.
 *
 * @returns the very same list when all of them stay as they are
 */
export function reviseScopes(
  permissions: readonly HeldPermission[],
  change: (scope: HeldScope, permission: HeldPermission) => HeldScope | null,
): readonly HeldPermission[] {
  return revise(permissions, (permission) => {
    const scopes = revise(permission.scopes, (scope) => change(scope, permission));
    if (scopes.length === 0) return null;
    return scopes === permission.scopes ? permission : { ...permission, scopes };
  });
}

/** Keeps the scopes that pass the test, and the permissions that still have one. The very same list when all pass. */
export function filterScopes(
  permissions: readonly HeldPermission[],
  keep: (scope: HeldScope, permission: HeldPermission) => boolean,
): readonly HeldPermission[] {
  return reviseScopes(permissions, (scope, permission) => (keep(scope, permission) ? scope : null));
}

/**
 * Permissions as a token or an introspection answer states them: what has not ended by now, with its own `exp` where
 * that comes before the token's (FedAuthz §5.1.1). Scopes that end at different times make separate entries.
 */
export function permissionBodies(
  permissions: readonly HeldPermission[],
  now: number,
  tokenExpiresAt: number,
): readonly PermissionBody[] {
  return permissions.flatMap(({ resourceId, scopes }) => {
    const byEnd = Map.groupBy(scopes, (held) => Math.min(endOf(held), tokenExpiresAt));
    return [...byEnd].flatMap(([end, group]) => (end > now ? [body(resourceId, group, end, tokenExpiresAt)] : []));
  });
}

function body(resourceId: string, scopes: readonly HeldScope[], end: number, tokenExpiresAt: number): PermissionBody {
  return {
    resource_id: resourceId,
    resource_scopes: scopes.flatMap(({ scope }) => (scope === null ? [] : [scope])),
    ...(end < tokenExpiresAt ? { exp: end } : {}),
  };
}
