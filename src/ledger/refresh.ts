import type { ActivityLog } from "./activity.ts";
import type { Announcing } from "./announcing.ts";
import type { Book } from "./book.ts";
import type { RefreshReply, RefreshRequest } from "./contract.ts";
import { type Grant, grantEnd, type JudgedGrant, toGrantedRpt } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { filterScopes, type HeldPermission } from "./held-permission.ts";
import type { Judge } from "./judge.ts";
import type { Lane } from "./lane.ts";
import { Patience } from "./patience.ts";
import type { LedgerPorts } from "./ports.ts";
import { renewablePermissions } from "./renewal.ts";
import { isRepeat, nextGeneration } from "./rotation.ts";
import { answerUnavailable } from "./unavailable.ts";

const INVALID: RefreshReply = { outcome: "invalid" };
const REUSED: RefreshReply = { outcome: "invalid", isReused: true };

/** What a refresh reads and writes. */
interface RefreshParts {
  readonly judge: Judge;
  readonly grants: Grants;
  readonly activity: ActivityLog;
  readonly announcing: Announcing;
  readonly book: Book;
  readonly lane: Lane;
}

/** Refreshes grants: never assesses, never adds (Grant §3.6). */
export class Refreshing {
  readonly #parts: RefreshParts;
  readonly #ports: LedgerPorts;

  constructor(parts: RefreshParts, ports: LedgerPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  /**
   * Waits for a change on its way to D1 that takes from the grant: it may yet find nothing to do, and a client that hears
   * invalid_grant throws its refresh token away.
   */
  async refresh(ownerId: string, request: RefreshRequest): Promise<RefreshReply> {
    const patience = new Patience(this.#parts, this.#ports);
    try {
      for (;;) {
        const reply = await this.#tryToRefresh(request);
        if (reply) return reply;
        await patience.awaitLane(ownerId);
      }
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  async #tryToRefresh(request: RefreshRequest): Promise<RefreshReply | null> {
    const { storage, now, nextTurn } = this.#ports;
    await nextTurn();
    return this.#parts.judge.use(request.grantId, (judged) =>
      storage.transactionSync(() => this.#refresh(request, judged, now())),
    );
  }

  /**
   * One block: client, generation, what is left of the grant, next generation.
   *
   * @returns null when a change on its way takes from the grant
   */
  #refresh(request: RefreshRequest, judged: JudgedGrant | null, now: number): RefreshReply | null {
    if (!judged || judged.settled.refreshGeneration === null || judged.settled.expiresAt <= now) return INVALID;
    const { settled, current } = judged;
    if (settled.clientId !== request.clientId) return INVALID;
    const repeated = isRepeat(settled, request, now);
    if (request.generation !== settled.refreshGeneration && !repeated) return this.#reused(settled, now);
    if (current.permissions !== settled.permissions) return null;
    const renewable = renewablePermissions(settled.permissions, request.whereabouts, now);
    if (renewable.length === 0) return INVALID;
    const narrowed = narrow(renewable, request.scopes);
    if (!narrowed) return { outcome: "invalid_scope" };
    const renewed = this.#renew({ ...settled, permissions: renewable }, request, repeated, now);
    const { rptLifetime } = this.#ports.settings;
    return { outcome: "refreshed", rpt: toGrantedRpt({ ...renewed, permissions: narrowed }, rptLifetime, now) };
  }

  #renew(grant: Grant, { attemptId, rotate }: RefreshRequest, repeated: boolean, now: number): Grant {
    const used = { ...grant, usedAt: now, expiresAt: grantEnd(grant, now) };
    const renewed = repeated ? used : { ...used, ...nextGeneration(grant, rotate, now), refreshAttempt: attemptId };
    this.#parts.grants.update(renewed);
    return renewed;
  }

  /** Somebody holds a refresh token that was rotated away: the family ends (RFC 9700 §4.14.2). */
  #reused(grant: Grant, now: number): RefreshReply {
    const { grants, activity, announcing } = this.#parts;
    grants.remove(grant.id);
    announcing.ended(grant);
    const { clientId, partyReference } = grant;
    activity.merge({ at: now, event: { kind: "refresh_reused" }, clientId, partyReference });
    return REUSED;
  }
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
