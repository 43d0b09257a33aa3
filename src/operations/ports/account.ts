import type { Owner } from "./owner.ts";

/** A person who can sign in: an owner and a requesting party at once. Times are epoch seconds. */
export interface Account {
  readonly id: string;
  /** What the person owns; the account is its first administrator. */
  readonly ownerId: string;
  /** The account's own key as it is kept (ports/account-seal.ts). */
  readonly wrappedKey: string;
  /** What the person is called, sealed under that key. */
  readonly sealedName: string;
  readonly createdAt: number;
}

/** A public key credential (WebAuthn §4). */
export interface Passkey {
  /** The credential id, in base64url. */
  readonly id: string;
  /** COSE public key, in base64url. */
  readonly publicKey: string;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly sealedName: string;
  readonly createdAt: number;
  /** Null: not used since it was made. */
  readonly lastUsedAt: number | null;
}

/** A verified e-mail address, in its canonical form (shared/email.ts). */
export interface AccountAddress {
  readonly address: string;
  readonly verifiedAt: number;
}

/** An account at an identity provider that signs its person in here. */
export interface Identity {
  /** SHA-256 of issuer and subject, in base64url. */
  readonly id: string;
  readonly providerId: string;
  /** Issuer, subject and what the provider said at the last sign-in. */
  readonly sealedStatement: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/** What proves that somebody is the person of an account: a way in. */
export type Proof =
  | { readonly kind: "passkey"; readonly passkey: Passkey }
  | { readonly kind: "address"; readonly address: AccountAddress }
  | { readonly kind: "identity"; readonly identity: Identity };

/** Everything an account can be signed in to with. */
export interface Proofs {
  readonly passkeys: readonly Passkey[];
  readonly addresses: readonly AccountAddress[];
  readonly identities: readonly Identity[];
  readonly recoveryCodes: number;
}

/** A passkey that was found, with the account it signs in to. */
export interface AccountPasskey {
  readonly account: Account;
  readonly passkey: Passkey;
}

export interface AccountStore {
  find(id: string): Promise<Account | null>;
  findByAddress(address: string): Promise<Account | null>;
  findByIdentity(identityId: string): Promise<Account | null>;
  findByPasskey(passkeyId: string): Promise<AccountPasskey | null>;
  /**
   * Makes owner, account, its administrator and its first way in, all or nothing.
   * @returns false when that way in is somebody's already.
   */
  insert(account: Account, owner: Owner, proof: Proof): Promise<boolean>;
  rename(accountId: string, sealedName: string): Promise<void>;

  proofs(accountId: string): Promise<Proofs>;
  /** @returns false when it is somebody's already, or the account has as many of its kind as it may. */
  addProof(accountId: string, proof: Proof): Promise<boolean>;
  /**
   * INVARIANT: the last way in is never removed, however many removals come at once. Recovery codes are no way in: each
   * is gone once it was used.
   * @returns false when it is the last, or there is no such thing.
   */
  removeProof(accountId: string, kind: Proof["kind"], id: string): Promise<boolean>;
  renamePasskey(accountId: string, passkeyId: string, sealedName: string): Promise<boolean>;
  /**
   * Notes that a passkey signed in (WebAuthn §7.2, step 21).
   * @returns false when its counter has moved meanwhile, or the passkey is gone.
   */
  usePasskey(passkey: Passkey, signCount: number, now: number): Promise<boolean>;
  /** Notes what a provider said at a sign-in. @returns false when the identity is no longer linked to the account. */
  useIdentity(accountId: string, identity: Identity): Promise<boolean>;

  /** Replaces all recovery codes of an account. */
  replaceRecoveryCodes(accountId: string, hashes: readonly string[], now: number): Promise<void>;
  /** Spends a recovery code: of any number of tries at once, one finds the account. @returns null when there is none. */
  takeRecoveryCode(hash: string): Promise<Account | null>;
}
