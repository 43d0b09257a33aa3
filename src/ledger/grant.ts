import type { RptFormat } from "../protocol/client.ts";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../protocol/lifetimes.ts";
import type { GrantedRpt } from "./contract.ts";
import { type HeldPermission, lastEnd, permissionBodies, shortestLifetime } from "./held-permission.ts";
import type { Rotation } from "./rotation.ts";

/** A live grant: what came of one authorization process. Times are epoch seconds. */
export interface Grant extends Rotation {
  /** The id of the process that it came of; a process makes one grant at most. */
  readonly id: string;
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly rptFormat: RptFormat;
  readonly partyReference: string;
  /** Whether that is somebody; else it is nobody known, who is another one in each process. */
  readonly partyKnown: boolean;
  readonly permissions: readonly HeldPermission[];
  /** The place in the book up to which it has been judged. */
  readonly judged: number;
  /** The claims it was granted on, sealed; null when there were none. */
  readonly sealedClaims: string | null;
  readonly createdAt: number;
  /** When it last gave an RPT. */
  readonly usedAt: number;
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
 * When a grant that can be refreshed ends: after lying idle, or at its hard end.
 *
 * @returns epoch seconds
 */
export function grantEnd({ permissions, createdAt }: Pick<Grant, "permissions" | "createdAt">, now: number): number {
  return Math.min(createdAt + GRANT_LIFETIME_SECONDS, now + REFRESH_IDLE_SECONDS, lastEnd(permissions));
}

/**
 * When an RPT made now of these permissions ends: never later than what it holds, and as soon as its policies ask.
 *
 * @param rptLifetime seconds that the operator lets RPTs live
 * @returns epoch seconds
 */
export function rptEnd(permissions: readonly HeldPermission[], rptLifetime: number, now: number): number {
  return Math.min(now + Math.min(rptLifetime, shortestLifetime(permissions)), lastEnd(permissions));
}

/** A grant as an RPT states it: never longer than what it holds, nor past the grant's own end. */
export function toGrantedRpt(grant: Grant, rptLifetime: number, now: number): GrantedRpt {
  const expiresAt = Math.floor(Math.min(rptEnd(grant.permissions, rptLifetime, now), grant.expiresAt));
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
