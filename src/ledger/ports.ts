/** What the ledger asks of the world: just what it uses, so that anything that fits will do. */

import type { TrustedIssuer } from "../protocol/claims.ts";
import type { IssuerDirectory } from "../protocol/issuer-directory.ts";
import type { SystemOfRecord } from "./record.ts";
import type { LedgerStorage } from "./storage.ts";

/** Handed to the object, so that tests can crash it and give it a faulty record. */
export interface LedgerPorts {
  readonly storage: LedgerStorage;
  readonly record: SystemOfRecord;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: TrustedIssuers;
  readonly settings: LedgerSettings;
  /** The time in epoch seconds. */
  readonly now: () => number;
  /** Resolves after so many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Resolves soon, for all who wait at the same time together (shared-turn.ts). */
  readonly nextTurn: () => Promise<void>;
}

/** What an operator decides for all ledgers. */
export interface LedgerSettings {
  /** Seconds. */
  readonly rptLifetime: number;
  readonly partialGrants: boolean;
  readonly replayWithdraws: boolean;
}

/** Seals the claims that are kept, so that a copy of the storage tells nobody who was here. */
export interface ClaimsSealer {
  seal(purpose: "claims", statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here as claims. */
  open(purpose: "claims", sealed: string): Promise<unknown>;
}

/** Whose word counts at present. */
export interface TrustedIssuers {
  findLeased(issuer: string): Promise<LeasedIssuer | null>;
  /** All of them, for asking: a change may be noticed five seconds late. */
  directory(): Promise<IssuerDirectory>;
}

/** A trusted issuer as it is known to be until a time: a removal is answered only after that. */
export interface LeasedIssuer {
  readonly issuer: TrustedIssuer;
  /** Epoch seconds. */
  readonly until: number;
}
