/** What the ledger asks of the world: just what it uses, so that anything that fits will do. */

import type { ToldNotice } from "../events/notice.ts";
import type { Speaker } from "../protocol/claims.ts";
import type { IssuerDirectory } from "../protocol/issuer-directory.ts";
import type { OwnerErasure, SystemOfRecord } from "./record.ts";
import type { LedgerStorage } from "./storage.ts";

/** Handed to the object, so that tests can crash it and give it a faulty record. */
export interface LedgerPorts {
  readonly storage: LedgerStorage;
  readonly record: SystemOfRecord;
  readonly erasure: OwnerErasure;
  readonly sealer: ClaimsSealer;
  readonly ownerSeals: OwnerSeals;
  /** Whose ID Tokens count when clients push them. */
  readonly trustedIssuers: IssuerWords;
  /** Whose word people can bring by coming here in a browser: this server's own, and of those they can sign in with. */
  readonly inPerson: IssuerWords;
  readonly notices: Notices;
  readonly openPages: OpenPages;
  readonly settings: LedgerSettings;
  /** The time in epoch seconds. */
  readonly now: () => number;
  /** A random id. */
  readonly drawId: () => string;
  /** Resolves after so many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Resolves soon, for all who wait at the same time together (shared-turn.ts). */
  readonly nextTurn: () => Promise<void>;
}

/** Pages that somebody has open who acts for the owner. */
export interface OpenPages {
  /** Lets one more of them listen. */
  listen(): Response;
  /** Says to each that something has happened, and nothing more. Costs little where nobody listens, and never throws. */
  tell(): void;
}

/** What an operator decides for all ledgers. */
export interface LedgerSettings {
  /** This server's issuer identifier. */
  readonly issuer: string;
  /** Seconds. */
  readonly rptLifetime: number;
  readonly partialGrants: boolean;
  readonly replayWithdraws: boolean;
  /** Days that a refresh token of a connection may lie idle; 0: for ever. */
  readonly connectionIdleDays: number;
}

/** Tells others what happened at an owner's, by letter or by webhook. */
export interface Notices {
  /** @returns the ids of those that need not be told again. */
  tell(ownerId: string, notices: readonly ToldNotice[]): Promise<readonly string[]>;
  /** Whether somebody wants to hear soon of grants that the book takes from; may be a minute old. */
  hearsOfGrants(): Promise<boolean>;
}

/** Seals the claims that are kept, so that a copy of the storage tells nobody who was here. */
export interface ClaimsSealer {
  seal(purpose: "claims", statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here as claims. */
  open(purpose: "claims", sealed: string): Promise<unknown>;
}

/**
 * Seals what is kept for an owner to read, under a key of the owner's own. The ledger keeps that key, wrapped; once it is
 * deleted, nobody can read what it sealed, backups included.
 */
export interface OwnerSeals {
  /** @returns a fresh key, wrapped, as it is kept. */
  newKey(): Promise<string>;
  /** @throws Error when the key cannot be opened */
  unlock(wrappedKey: string): Promise<OwnerSeal>;
}

/** What is sealed under an owner's key; nothing sealed for one purpose opens for another. */
export type OwnerSealPurpose = "party_card" | "request";

export interface OwnerSeal {
  seal(purpose: OwnerSealPurpose, statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed under this key for this purpose. Never throws for bad input. */
  open(purpose: OwnerSealPurpose, sealed: string): Promise<unknown>;
}

/** Whose word counts at present, among those who are heard in one way. */
export interface IssuerWords {
  findLeased(issuer: string): Promise<LeasedIssuer | null>;
  /** All of them, for asking: a change may be noticed five seconds late. */
  directory(): Promise<IssuerDirectory>;
}

/** How far an issuer's word counts, and for how long. */
export interface IssuerWord extends Speaker {
  /** Seconds after they were issued at which its statements count no more; null: until they are forgotten. */
  readonly maxTokenAge: number | null;
}

/** An issuer's word as it is known to count until a time: a removal is answered only after that. */
export interface LeasedIssuer {
  readonly issuer: IssuerWord;
  /** Epoch seconds. */
  readonly until: number;
}

/** How far the word of the identity providers counts that people sign in with. */
export interface ProviderWords {
  /** By issuer identifier. */
  findLeased(issuer: string): Promise<LeasedIssuer | null>;
  /** All that people can sign in with now. */
  listSpeakers(): Promise<readonly Speaker[]>;
}
