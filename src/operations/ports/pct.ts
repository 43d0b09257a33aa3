/** A persisted claims token (Grant §3.3.5). Times are epoch seconds. */
export interface Pct {
  readonly clientId: string;
  readonly accountId: string;
  /** What it stands for, sealed under the account's key. */
  readonly sealedClaims: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What a PCT stands for, and what its account is now. */
export interface PresentedPct {
  readonly accountId: string;
  /** What is the person's own. */
  readonly ownerId: string;
  /** The account's key (ports/account-seal.ts). */
  readonly wrappedKey: string;
  /** What the person is called, sealed under that key. */
  readonly sealedName: string;
  readonly sealedClaims: string;
  readonly addresses: readonly string[];
  readonly identityIds: readonly string[];
}

/** What is remembered about somebody for one app. */
export interface RememberedApp {
  readonly clientId: string;
  /** Null: the app is not registered any more. */
  readonly clientName: string | null;
  /** The newest. */
  readonly sealedClaims: string;
  readonly createdAt: number;
  /** To the day; null: not used yet. */
  readonly usedAt: number | null;
  readonly expiresAt: number;
}

/** PCTs by the hash of their value. */
export interface PctStore {
  /** Of one account and client the newest few are kept: a client may serve its user on several devices. */
  insert(pct: Pct, hash: string): Promise<void>;
  /**
   * Finds one for the client that presents it, and notes once a day that it was used. One of another client is removed
   * (Grant §5.2). One round trip.
   * @returns "stolen" for one of another client, null for what is none (any more)
   */
  use(hash: string, clientId: string, now: number): Promise<PresentedPct | "stolen" | null>;
  /** @returns false when this client has none of this hash. */
  remove(hash: string, clientId: string): Promise<boolean>;
  /** By app, the newest first. */
  list(accountId: string, now: number): Promise<readonly RememberedApp[]>;
  /** Forgets an account for one client; null: for all. @returns how many there were. */
  forgetAccount(accountId: string, clientId: string | null): Promise<number>;
  /** Forgets everybody for a client. @returns how many there were. */
  forgetClient(clientId: string): Promise<number>;
  /** Drops what has expired. */
  removeExpired(now: number): Promise<void>;
}
