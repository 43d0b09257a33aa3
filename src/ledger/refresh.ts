import type { ActivityLog } from "./activity.ts";
import type { RefreshReply, RefreshRequest } from "./contract.ts";
import { type Grant, grantEnd, type JudgedGrant, toGrantedRpt } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { endOf, filterScopes, type HeldPermission } from "./held-permission.ts";

const INVALID: RefreshReply = { outcome: "invalid" };

/** Refreshes grants: never assesses, never adds (Grant §3.6). */
export class Refreshing {
  readonly #grants: Grants;
  readonly #activity: ActivityLog;

  constructor(grants: Grants, activity: ActivityLog) {
    this.#grants = grants;
    this.#activity = activity;
  }

  /** One block: client, generation, what is left of the grant, next generation. */
  refresh(request: RefreshRequest, judged: JudgedGrant | null, now: number): RefreshReply {
    if (!judged || judged.settled.refreshGeneration === null || judged.settled.expiresAt <= now) return INVALID;
    const { settled, current } = judged;
    if (settled.clientId !== request.clientId) return INVALID;
    const repeated = settled.refreshAttempt === request.attemptId;
    if (request.generation !== settled.refreshGeneration && !repeated) return this.#reused(settled, now);
    const renewable = renewablePermissions(current.permissions, now);
    if (renewable.length === 0) return INVALID;
    const narrowed = narrow(renewable, request.scopes);
    if (!narrowed) return { outcome: "invalid_scope" };
    const renewed = this.#renew(settled, request, repeated, now);
    return { outcome: "refreshed", rpt: toGrantedRpt({ ...renewed, permissions: narrowed }, now) };
  }

  /** A repeat of the same attempt finds the generation it made; nothing is made twice (ledger/README.md, rule 7). */
  #renew(settled: Grant, { attemptId, rotate }: RefreshRequest, repeated: boolean, now: number): Grant {
    const permissions = renewablePermissions(settled.permissions, now);
    const generation = settled.refreshGeneration ?? 0;
    const renewed = {
      ...settled,
      permissions,
      refreshGeneration: rotate && !repeated ? generation + 1 : generation,
      refreshAttempt: attemptId,
      expiresAt: grantEnd({ ...settled, permissions }, true, now),
    };
    this.#grants.update(renewed);
    return renewed;
  }

  /** Somebody holds a refresh token that was rotated away: the family ends (RFC 9700 §4.14.2). */
  #reused(grant: Grant, now: number): RefreshReply {
    this.#grants.remove(grant.id);
    const { clientId, partyReference } = grant;
    this.#activity.append({ at: now, kind: "refresh_reused", clientId, partyReference, detail: {} });
    return INVALID;
  }
}

/** What has not ended; and what has a limited number of uses is not renewed without counting, so not at all. */
function renewablePermissions(permissions: readonly HeldPermission[], now: number): readonly HeldPermission[] {
  return filterScopes(permissions, (held) => !held.counted && endOf(held) > now);
}

/** @returns null when a scope is named that the grant does not hold, or nothing would be left */
function narrow(
  permissions: readonly HeldPermission[],
  scopes: readonly string[] | null,
): readonly HeldPermission[] | null {
  if (scopes === null) return permissions;
  const held = new Set(permissions.flatMap((permission) => permission.scopes.map(({ scope }) => scope)));
  if (scopes.some((scope) => !held.has(scope))) return null;
  const narrowed = filterScopes(permissions, ({ scope }) => scope !== null && scopes.includes(scope));
  return narrowed.length > 0 ? narrowed : null;
}
