import type { RptFormat } from "../protocol/client.ts";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../protocol/lifetimes.ts";
import type { GrantedRpt } from "./contract.ts";
import { type HeldPermission, lastEnd, permissionBodies } from "./held-permission.ts";

/** A live grant: what came of one authorization process. Times are epoch seconds. */
export interface Grant {
  /** The id of the process that it came of; a process makes one grant at most. */
  readonly id: string;
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly rptFormat: RptFormat;
  readonly partyReference: string;
  readonly permissions: readonly HeldPermission[];
  /** The place in the book up to which it has been judged. */
  readonly judged: number;
  /** The claims it was granted on, sealed; null when there were none. */
  readonly sealedClaims: string | null;
  /** Seconds that an RPT of this grant lives. */
  readonly tokenLifetime: number;
  readonly createdAt: number;
  /** Null: it cannot be refreshed. */
  readonly refreshGeneration: number | null;
  /** The attempt that last refreshed it. */
  readonly refreshAttempt: string | null;
  readonly expiresAt: number;
}

/** A grant after the book. */
export interface JudgedGrant {
  /** What counts: everything is taken away that the book takes, settled or not. May hold nothing. */
  readonly current: Grant;
  /** What may be written: a pending change may yet find nothing to do in D1, and then it must take nothing. */
  readonly settled: Grant;
}

/**
 * When a grant ends: with its RPT, or, if it can be refreshed, after lying idle or at its hard end.
 *
 * @returns epoch seconds
 */
export function grantEnd(
  grant: Pick<Grant, "permissions" | "createdAt" | "tokenLifetime">,
  refreshable: boolean,
  now: number,
): number {
  const end = lastEnd(grant.permissions);
  if (!refreshable) return Math.min(now + grant.tokenLifetime, end);
  return Math.min(grant.createdAt + GRANT_LIFETIME_SECONDS, now + REFRESH_IDLE_SECONDS, end);
}

/** A grant as an RPT states it: never longer than what it holds, nor past the grant's own end. */
export function toGrantedRpt(grant: Grant, now: number): GrantedRpt {
  const expiresAt = Math.floor(Math.min(now + grant.tokenLifetime, lastEnd(grant.permissions), grant.expiresAt));
  return {
    grantId: grant.id,
    resourceServerId: grant.resourceServerId,
    rptFormat: grant.rptFormat,
    partyReference: grant.partyReference,
    permissions: permissionBodies(grant.permissions, now, expiresAt),
    issuedAt: now,
    expiresAt,
    refreshGeneration: grant.refreshGeneration,
  };
}
