import type { LeasedIssuer } from "../../ledger/ports.ts";
import type { IssuerDirectory } from "../../protocol/issuer-directory.ts";
import type { TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Page } from "./page.ts";

export interface TrustedIssuerStore {
  /** By issuer identifier, compared exactly; leased like clients. */
  findByIssuer(issuer: string): Promise<TrustedIssuer | null>;
  /** As `findByIssuer`, with the end of the lease. */
  findLeased(issuer: string): Promise<(LeasedIssuer & { readonly issuer: TrustedIssuer }) | null>;
  /** All of them, leased like one. */
  directory(): Promise<IssuerDirectory>;
  /** As it stands now, for whoever decides on a change of it. */
  findCurrent(id: string): Promise<Versioned<TrustedIssuer> | null>;
  /** Which of these issuer identifiers are trusted now. */
  listTrusted(issuers: readonly string[]): Promise<readonly string[]>;
  list(cursor: string | null, limit: number): Promise<Page<TrustedIssuer>>;
  /** @returns false when that issuer identifier is already trusted, or as many are as can be. */
  insert(issuer: TrustedIssuer): Promise<boolean>;
  /** @returns false when there is no such entry in this version. */
  replace(issuer: TrustedIssuer, version: number): Promise<boolean>;
  /**
   * @param version the only one to be removed; null: any.
   * @returns false when there is no such entry in this version.
   */
  remove(id: string, version: number | null): Promise<boolean>;
}
