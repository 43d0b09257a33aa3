/** What an administrator may do for an owner: everything, or everything but choosing administrators. */
export const ADMINISTRATOR_ROLES = ["administrator", "assistant"] as const;
export type AdministratorRole = (typeof ADMINISTRATOR_ROLES)[number];

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

/** Who may act for whom. An administrator whose time has not begun, or is over, is none. */
export interface AdministratorStore {
  find(ownerId: string, accountId: string, now: number): Promise<Administrator | null>;
  /** The person's own first, then organisations by name. */
  listByAccount(accountId: string, now: number): Promise<readonly Administered[]>;
  listByOwner(ownerId: string, now: number): Promise<readonly Administrator[]>;
}
