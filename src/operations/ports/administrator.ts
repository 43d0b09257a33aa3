import type { AdministratorRole } from "../../protocol/administrator-role.ts";

/** An account's right to act for an owner. Times are epoch seconds. */
export interface Administrator {
  readonly ownerId: string;
  readonly accountId: string;
  readonly role: AdministratorRole;
  readonly beginsAt: number;
  /** Null: until somebody ends it. */
  readonly endsAt: number | null;
}

/** An owner that an account acts for, as its person is shown it. */
export interface Administered extends Administrator {
  /** Null: what is the person's own. */
  readonly ownerName: string | null;
}

/** An administrator as the operator is told of them. */
export interface InvitedAdministrator extends Administrator {
  /** The account that invited them; null: the operator did, or it is the person's own. */
  readonly invitedBy: string | null;
}

/** Who may act for whom. An administrator whose time has not begun, or is over, is none. */
export interface AdministratorStore {
  /** The widest right that the account has now. */
  find(ownerId: string, accountId: string, now: number): Promise<Administrator | null>;
  /** Those who stand, and those who are yet to begin; two entries for who has a wider right for a time. */
  listByOwner(ownerId: string, now: number): Promise<readonly InvitedAdministrator[]>;
  /**
   * Ends whatever right an account has at an owner that is not its own, and with it the invitations that it gave.
   * INVARIANT: it is looked at in the same step whether `endedBy` may do so, and whether another administrator stands.
   * @param endedBy an account: an administrator, or whoever goes; null: the operator, who may end the last one too.
   * @returns false when there is no such right, or one of these keeps it from being ended.
   */
  end(ownerId: string, accountId: string, endedBy: string | null, now: number): Promise<boolean>;
  /** Drops what has ended. */
  removeEnded(now: number): Promise<void>;
}
