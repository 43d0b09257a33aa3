import { evaluateWhere, type Whereabouts } from "../policy/evaluation/where.ts";
import { endOf, type Ground, type HeldPermission, type HeldScope, reviseScopes } from "./held-permission.ts";

/**
 * What a refresh gives again: what has not ended and may be held where the caller is now. What has a limited number of
 * uses is not renewed without counting, so not at all.
 */
export function renewablePermissions(
  permissions: readonly HeldPermission[],
  whereabouts: Whereabouts,
  now: number,
): readonly HeldPermission[] {
  return reviseScopes(permissions, (held) => {
    if (endOf(held) <= now) return null;
    const grounds = renewableGrounds(held, whereabouts);
    if (grounds.length === held.grounds.length) return held;
    return grounds.length === 0 ? null : { ...held, grounds };
  });
}

/** The grounds that would carry a scope through a refresh, where the caller is now. */
export function renewableGrounds(held: HeldScope, whereabouts: Whereabouts): readonly Ground[] {
  if (held.counted || !isSpared(held, whereabouts)) return [];
  return held.grounds.filter((ground) => holdsHere(ground, whereabouts));
}

function holdsHere({ where }: Ground, whereabouts: Whereabouts): boolean {
  return where === null || evaluateWhere(where, whereabouts, "permit").truth === "yes";
}

function isSpared({ sparedBy }: HeldScope, whereabouts: Whereabouts): boolean {
  return sparedBy.every(({ where }) => evaluateWhere(where, whereabouts, "deny").truth === "no");
}
