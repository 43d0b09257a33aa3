import type { Versioned } from "../../shared/versioned.ts";
import type { Page } from "./page.ts";

/** A resource owner: a person or an organisation (Grant §1.2). */
export interface Owner {
  readonly id: string;
  readonly kind: "organization" | "person";
  /** Empty for a person, whose name is sealed with their account. */
  readonly name: string;
  /** The name of the ledger that new tickets are spent in. */
  readonly ledger: string;
  readonly createdAt: number;
}

export interface OwnerStore {
  find(id: string): Promise<Versioned<Owner> | null>;
  list(cursor: string | null, limit: number): Promise<Page<Owner>>;
  insert(owner: Owner): Promise<void>;
  /** @returns false when there is no such owner in this version. */
  rename(id: string, name: string, version: number): Promise<boolean>;
}
