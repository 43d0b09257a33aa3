import type { AdministratorRole } from "../../protocol/administrator-role.ts";
import type { Account } from "./account.ts";
import type { Page } from "./page.ts";

/** An invitation to act for an organisation; who holds its link may accept it, once. Times are epoch seconds. */
export interface Invitation {
  /** Names it to those who gave it; the link holds another secret, of which only the hash is kept. */
  readonly id: string;
  readonly ownerId: string;
  readonly role: AdministratorRole;
  /** When the role ends; null: when somebody ends it. */
  readonly endsAt: number | null;
  /** The account that invites; null: the operator. */
  readonly invitedBy: string | null;
  /** Whom it was sent to, sealed under the key of the account that invites; null: to nobody in particular. */
  readonly sealedAddress: string | null;
  readonly createdAt: number;
  /** Until when the link is good. */
  readonly expiresAt: number;
}

/** An invitation as whoever opened its link is shown it. */
export interface OpenedInvitation {
  readonly invitation: Invitation;
  readonly ownerName: string;
  /** Null: the operator. */
  readonly inviter: Pick<Account, "wrappedKey" | "sealedName"> | null;
  /** False when whoever invites may not do so any more, which makes the invitation void. */
  readonly stands: boolean;
}

/** INVARIANT: an invitation counts while it has not expired, and while whoever gave it may invite. */
export interface InvitationStore {
  /**
   * Gives an invitation to an organisation. An administrator gives none that lasts beyond their own right.
   * @returns the invitation as it is kept; null when the owner is no organisation, when its inviter may not invite (any
   *   more), or when too many wait.
   */
  insert(invitation: Invitation, hash: string): Promise<Invitation | null>;
  /** Also one that has expired, as long as it is there. */
  find(hash: string, now: number): Promise<OpenedInvitation | null>;
  /** Those that count, the oldest first. */
  list(ownerId: string, now: number, cursor: string | null, limit: number): Promise<Page<Invitation>>;
  /**
   * Takes an invitation back.
   * @param takenBy an account, whose right is looked at in the same step; null: the operator.
   * @returns false when there is no such invitation, or no such right.
   */
  remove(ownerId: string, id: string, takenBy: string | null, now: number): Promise<boolean>;
  /**
   * Makes an account an administrator, and spends the invitation, in one step: of any number at once, one gets it. Who is
   * one already keeps what is wider and what is longer.
   * @returns the invitation that was spent; null when it does not count, or there is no room for another administrator.
   */
  accept(hash: string, accountId: string, now: number): Promise<Invitation | null>;
  /** Spends an invitation for nothing. @returns null when it does not count. */
  decline(hash: string, now: number): Promise<Invitation | null>;
  /** Drops what has expired. */
  removeExpired(now: number): Promise<void>;
}
