import type { IdentityScope } from "../../protocol/wire/identity.ts";
import type { Account, AccountAddress, Identity } from "./account.ts";

/** What somebody lets an app learn about them when they sign in there. Times are epoch seconds. */
export interface IdentityConsent {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  /** `openid` among them. */
  readonly scopes: readonly IdentityScope[];
  readonly consentedAt: number;
}

/** The same, as its person is shown it. */
export interface ListedIdentityConsent extends IdentityConsent {
  /** Null: the app is not registered any more. */
  readonly clientName: string | null;
}

/** A consent that stands, and its person as they are now. */
export interface ConsentedPerson {
  readonly consent: IdentityConsent;
  /** Access tokens that were made up to then count no more; 0: none was ended. */
  readonly tokensEndedAt: number;
  readonly account: Account;
  /** The language of their pages, as a language tag; null: it is not known yet. */
  readonly language: string | null;
  /** The one verified longest ago first. */
  readonly addresses: readonly AccountAddress[];
  /** What it can be signed in to with elsewhere. */
  readonly identities: readonly Identity[];
}

/** One for each account and client. */
export interface IdentityConsentStore {
  /**
   * Keeps a consent, or changes the one that stands to what this one says.
   * @returns the id of the one that stands then; null where account or client has gone.
   */
  keep(consent: IdentityConsent): Promise<string | null>;
  /** One round trip. @returns null for a consent that was taken back. */
  find(id: string): Promise<ConsentedPerson | null>;
  /** By app, the newest first. */
  list(accountId: string): Promise<readonly ListedIdentityConsent[]>;
  /** Ends the access tokens that stand on a consent, and not the consent. */
  endTokens(id: string, now: number): Promise<void>;
  /** Takes a consent back. @returns false when there is none. */
  remove(accountId: string, clientId: string): Promise<boolean>;
  /** Drops the consents of everybody to a client. */
  removeClient(clientId: string): Promise<void>;
}
