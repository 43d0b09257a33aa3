import type { SignInMethod } from "../../protocol/sign-in-method.ts";
import type { Account, AccountAddress, Identity } from "./account.ts";

/** A browser in which somebody is signed in. Times are epoch seconds. */
export interface Session {
  /** Names it to its person; the browser holds another secret, of which only the hash is kept. */
  readonly id: string;
  readonly accountId: string;
  /** When its person last proved who they are, and how (`auth_time`, `amr`). */
  readonly authenticatedAt: number;
  readonly methods: readonly SignInMethod[];
  /** Device and place, sealed under the account's key. */
  readonly sealedPlace: string;
  readonly createdAt: number;
  /** To the hour. */
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

/** Who a browser's requests come from. */
export interface SignedIn {
  readonly session: Session;
  readonly account: Account;
}

/** The same, with the addresses that were verified here. */
export interface AddressedPerson extends SignedIn {
  readonly addresses: readonly AccountAddress[];
}

/** The same, with all that others may know the person by. */
export interface KnownPerson extends AddressedPerson {
  readonly identities: readonly Identity[];
}

export interface SessionStore {
  /** One round trip. @returns null for a session that has ended. */
  find(hash: string, now: number): Promise<KnownPerson | null>;
  /**
   * Begins a session; the one that the browser had before ends in the same step, so that nobody rides on in it.
   * @param replaced hash of that; null: it had none.
   * @param language of the person from now on, for what is written to them; null: as it stands.
   */
  insert(session: Session, hash: string, replaced: string | null, language: string | null): Promise<void>;
  /** Notes that a session was used, and until when it lasts now. */
  touch(hash: string, lastSeenAt: number, expiresAt: number): Promise<void>;
  /** The newest first. */
  list(accountId: string, now: number): Promise<readonly Session[]>;
  /** @returns false when the account has no such session. */
  end(accountId: string, sessionId: string): Promise<boolean>;
  endByHash(hash: string): Promise<void>;
  /** @param exceptId the session that goes on; null: none. */
  endAll(accountId: string, exceptId: string | null): Promise<void>;
  /** Drops what has ended. */
  removeExpired(now: number): Promise<void>;
}
