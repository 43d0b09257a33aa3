import type { Page } from "./page.ts";

/** An owner who is going, or gone. Times are epoch seconds. */
export interface Deletion {
  readonly ownerId: string;
  /** False: the person whose owner it is asked for it. */
  readonly byOperator: boolean;
  readonly requestedAt: number;
  /** Since when nobody acts for the owner, and the account of the person is gone; null: not yet. */
  readonly closedAt: number | null;
  /** Since when the system of record has nothing of the owner but this; null: not yet. */
  readonly erasedAt: number | null;
}

/** An organisation that nobody else acts for. */
export interface SoleCharge {
  readonly ownerId: string;
  readonly name: string;
}

/** Whose end was asked for; the owner's ledger brings it about. */
export interface DeletionStore {
  /**
   * Notes that a person wants to be gone, and ends what they may do for organisations.
   * INVARIANT: in the same step it is looked at whether each of these has another administrator.
   * @returns those for which they could do something until now; null when one of them has none, or there is no such
   *   account, and nothing happened.
   */
  requestByPerson(accountId: string, now: number): Promise<readonly string[] | null>;
  /** Notes that the operator wants an owner to be gone. @returns false when there is no such owner. */
  requestByOperator(ownerId: string, now: number): Promise<boolean>;
  /** The organisations that an account administers alone. */
  listSoleCharges(accountId: string, now: number): Promise<readonly SoleCharge[]>;
  /** The account of the person whose owner it is; null: none. */
  findAccountId(ownerId: string): Promise<string | null>;
  find(ownerId: string): Promise<Deletion | null>;
  /** The oldest first. */
  list(cursor: string | null, limit: number): Promise<Page<Deletion>>;
  /** Owners whose end was asked for before a time and has not come. */
  listUnfinished(requestedBefore: number, limit: number): Promise<readonly string[]>;
  /** Forgets those who were gone by then. */
  removeErasedBefore(time: number): Promise<void>;
}
