import type { LeasedIssuer } from "../../ledger/ports.ts";
import type { TrustedIssuer } from "../../protocol/claims.ts";
import type { Page } from "./page.ts";

export interface TrustedIssuerStore {
  /** By issuer identifier, compared exactly; leased like clients. */
  findByIssuer(issuer: string): Promise<TrustedIssuer | null>;
  /** As `findByIssuer`, with the end of the lease. */
  findLeased(issuer: string): Promise<LeasedIssuer | null>;
  find(id: string): Promise<TrustedIssuer | null>;
  list(cursor: string | null, limit: number): Promise<Page<TrustedIssuer>>;
  /** @returns false when that issuer identifier is already trusted. */
  insert(issuer: TrustedIssuer): Promise<boolean>;
  replace(issuer: TrustedIssuer): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
