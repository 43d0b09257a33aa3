import type { Group, Policy } from "../policy/language/policy.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { Change, VersionedChange } from "./change.ts";

/** What an assessment looks at, read from D1 in one batch together with the epoch it is true for. */
export interface RecordExcerpt {
  /** The owner's epoch in D1; null when D1 does not know the owner. */
  readonly epoch: number | null;
  readonly resources: readonly ProtectedResource[];
  /** Every policy that targets one of these resources, its type, or all. */
  readonly policies: readonly Policy[];
  /** Every group that one of these policies names. */
  readonly groups: readonly Group[];
}

/** What became of a change in D1. */
export type ChangeResult =
  | { readonly outcome: "done"; readonly version: number }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "version_mismatch"; readonly version: number }
  /** A limit on how many policies may target the same thing, or a quota (shared/quotas.ts). Nothing was written. */
  | { readonly outcome: "limit_reached" };

export interface NumberedChange {
  readonly epoch: number;
  readonly operationId: string;
  readonly change: Change;
  /** When it was booked, epoch seconds. */
  readonly at: number;
  /** The account that wants it as an administrator, whose right has to stand for what it gives; null: another author. */
  readonly administrator: string | null;
}

export interface Foreseen {
  /** Null when D1 does not know the owner. */
  readonly epoch: number | null;
  readonly refusal: ChangeResult | null;
}

/**
 * D1 as the ledger sees it. `apply` writes numbered changes in order, in one transaction, and takes only the next epoch:
 * a gap or a repeat fails whole. It throws ChangeRefused for a change that it will never take; any other error means that
 * nobody knows whether the changes were written.
 */
export interface SystemOfRecord {
  load(ownerId: string, resourceIds: readonly string[]): Promise<RecordExcerpt>;
  apply(ownerId: string, changes: readonly NumberedChange[]): Promise<readonly ChangeResult[]>;
  /** What D1 would refuse an edit for as its subject stands now, null for nothing; and its epoch. */
  foresee(ownerId: string, change: VersionedChange): Promise<Foreseen>;
  /** Where D1 stands: its epoch and the operation that took it; null when D1 does not know the owner. */
  position(ownerId: string): Promise<{ readonly epoch: number; readonly operationId: string } | null>;
  /** For a change that D1 is known to have taken but whose answer was lost: the answer it must have been. */
  recall(ownerId: string, change: NumberedChange): Promise<ChangeResult>;
  /** Takes an epoch with nothing in it, for a change that D1 refuses for good. */
  applyVoid(ownerId: string, epoch: number, operationId: string): Promise<void>;
}

/** An owner who is about to be gone. */
export interface ErasedOwner {
  readonly ownerId: string;
  /** The account of the person whose owner it is; null: none, or it is gone already. */
  readonly accountId: string | null;
  /** Epoch seconds. */
  readonly closedAt: number;
}

/** D1 as it lets go of an owner; each call is safe to repeat. */
export interface OwnerErasure {
  /** In one transaction: the account with its key, and everybody and everything that acts for the owner. */
  detach(owner: ErasedOwner): Promise<void>;
  /** Removes a slice of what the owner had, and at the end the owner. @returns whether there is more */
  eraseSlice(owner: ErasedOwner, now: number): Promise<boolean>;
}

/** The system of record refuses a change for what it is, and would refuse it again. Nothing of its batch was written. */
export class ChangeRefused extends Error {}
