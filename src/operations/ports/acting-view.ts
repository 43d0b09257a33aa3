import type { Account } from "./account.ts";
import type { Administered, Administrator, InvitedAdministrator } from "./administrator.ts";
import type { Invitation, OpenedInvitation } from "./invitation.ts";
import type { SignedIn } from "./session.ts";

type Sealed = Pick<Account, "wrappedKey" | "sealedName">;

/** An administrator as the others are shown them. */
export interface StoredFellow extends InvitedAdministrator {
  readonly account: Sealed;
  /** The oldest verified address of the account; null: it has none. */
  readonly address: string | null;
}

/** An invitation as administrators are shown it. */
export interface StoredInvitation extends Invitation {
  /** Whose key its address is sealed under; null: the operator invites. */
  readonly inviterKey: string | null;
}

/** What the page about those who act for an owner is made of. */
export interface StoredActing {
  readonly signedIn: SignedIn;
  readonly ownerId: string;
  /** Every owner that the person acts for. INVARIANT: the rest is theirs to see only if this one is among them. */
  readonly administered: readonly Administered[];
  readonly fellows: readonly StoredFellow[];
  readonly invitations: readonly StoredInvitation[];
}

/** Whoever acts for owners in a browser, and for which. */
export interface StoredActor {
  readonly signedIn: SignedIn;
  /** The oldest verified address of the account; null: it has none. */
  readonly address: string | null;
  /** What is the person's own first, then organisations by name. */
  readonly administered: readonly Administered[];
}

/** What the page of an invitation is made of. */
export interface StoredInvitationView {
  /** Null: there is none (any more). */
  readonly opened: OpenedInvitation | null;
  /** Null: nobody is signed in. */
  readonly reader: StoredReader | null;
}

export interface StoredReader {
  readonly signedIn: SignedIn;
  readonly address: string | null;
  /** The right that the reader has at the owner already; null: none. */
  readonly present: Administrator | null;
}

/** What pages about administrators are made of; each is one round trip, with who is signed in. */
export interface ActingViewStore {
  /**
   * @param sessionHash of the secret that a browser holds.
   * @returns null for a session that has ended.
   */
  ofPerson(sessionHash: string, now: number): Promise<StoredActor | null>;
  /**
   * @param sessionHash of the secret that a browser holds.
   * @param ownerId null: what the person owns.
   * @returns null for a session that has ended.
   */
  ofOwner(sessionHash: string, ownerId: string | null, now: number): Promise<StoredActing | null>;
  /** @param sessionHash null: the browser holds none. */
  ofInvitation(invitationHash: string, sessionHash: string | null, now: number): Promise<StoredInvitationView>;
}
