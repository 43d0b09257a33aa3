/**
 * What becomes of a grant when an RPT of it is surrendered for one that holds more (Grant §3.3.5.1): what the RPT states
 * moves from its grant to the new one, and nothing of it lives longer there than it would have lived.
 */

import type { Whereabouts } from "../policy/evaluation/where.ts";
import { GRANT_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import type { SubmittedRpt } from "./contract.ts";
import type { Grant } from "./grant.ts";
import { endingBy, endOf, filterScopes, type HeldPermission, type HeldScope, reviseScopes } from "./held-permission.ts";
import { renewableGrounds } from "./renewal.ts";

/** Under which circumstances an RPT is surrendered. */
interface Circumstances {
  readonly whereabouts: Whereabouts;
  /** Whether the client may use refresh tokens. */
  readonly mayRefresh: boolean;
  /** Epoch seconds. */
  readonly now: number;
}

/** What an RPT states of its grant, and what a refresh left out of it. */
interface Divided {
  readonly stated: readonly HeldPermission[];
  readonly rest: readonly HeldPermission[];
}

/** Divides a grant by what one of its RPTs states. */
export function divide({ permissions }: Pick<Grant, "permissions">, { scopes }: SubmittedRpt): Divided {
  if (scopes === null) return { stated: permissions, rest: [] };
  const isStated = ({ scope }: HeldScope) => scope !== null && scopes.includes(scope);
  return {
    stated: filterScopes(permissions, isStated),
    rest: filterScopes(permissions, (held) => !isStated(held)),
  };
}

/**
 * What an RPT states, as the new grant may hold it. What a refresh would renew here and now goes on as long as refreshes
 * of the old grant could have made it go on; everything else ends with the surrendered RPT.
 */
export function carryOver(
  grant: Grant,
  rpt: SubmittedRpt,
  { whereabouts, mayRefresh, now }: Circumstances,
): readonly HeldPermission[] {
  const isRefreshable = mayRefresh && grant.refreshGeneration !== null;
  return reviseScopes(divide(grant, rpt).stated, (held) => {
    const renewable = isRefreshable ? renewableGrounds(held, whereabouts) : [];
    const grounds = held.grounds.map((ground) => {
      return endingBy(ground, renewable.includes(ground) ? grant.createdAt + GRANT_LIFETIME_SECONDS : rpt.expiresAt);
    });
    const carried = { ...held, grounds };
    return endOf(carried) > now ? carried : null;
  });
}

/** The union of both. A scope that was decided anew stands on that decision alone. */
export function joinPermissions(
  carried: readonly HeldPermission[],
  granted: readonly HeldPermission[],
): readonly HeldPermission[] {
  const known = new Map(carried.map((permission) => [permission.resourceId, permission]));
  const renewed = new Set(granted.map(({ resourceId }) => resourceId));
  const joined = granted.map((permission) => {
    const decided = new Set(permission.scopes.map(({ scope }) => scope));
    const kept = known.get(permission.resourceId)?.scopes.filter(({ scope }) => !decided.has(scope)) ?? [];
    return kept.length === 0 ? permission : { ...permission, scopes: [...permission.scopes, ...kept] };
  });
  return [...joined, ...carried.filter(({ resourceId }) => !renewed.has(resourceId))];
}
