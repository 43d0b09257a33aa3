import type { Proofs } from "./account.ts";
import type { Administered } from "./administrator.ts";
import type { Session, SignedIn } from "./session.ts";

/** What the pages of an account are made of. */
export interface StoredOverview {
  readonly signedIn: SignedIn;
  readonly proofs: Proofs;
  /** Where the person is signed in, the newest first. */
  readonly sessions: readonly Session[];
  readonly administered: readonly Administered[];
  /** Apps that are connected to what the person owns. */
  readonly connections: number;
  /** Apps for which something is remembered about the person. */
  readonly remembered: number;
}

export interface AccountOverviewStore {
  /**
   * One round trip.
   * @param hash of the secret that a browser holds.
   * @returns null for a session that has ended.
   */
  find(hash: string, now: number): Promise<StoredOverview | null>;
}
