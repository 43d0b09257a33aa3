import type { NamedPerson } from "../../policy/language/named-people.ts";
import type { Policy } from "../../policy/language/policy.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import type { Account } from "./account.ts";
import type { Page } from "./page.ts";

/** A permit that names somebody, by themself or by way of a group, and whose it is. */
export interface PermitForMe {
  readonly policy: Policy;
  readonly ownerId: string;
  /** Empty for a person. */
  readonly ownerName: string;
  /** Whose name a person's is sealed with; null for an organisation. */
  readonly account: Pick<Account, "wrappedKey" | "sealedName"> | null;
}

/** A thing of somebody else's, as far as people read of it. */
export interface ForeignThing {
  readonly id: string;
  readonly name: string | null;
  readonly scopeNames: ScopeNames;
  /** What keeps it. */
  readonly app: HomeOfApp | null;
}

/** What a permit is about: the first of it. */
export interface PermittedThings {
  readonly things: readonly ForeignThing[];
  /** Whether there are more. */
  readonly hasMore: boolean;
}

/** An app, as far as somebody has to know to open it. */
export interface HomeOfApp {
  readonly name: string;
  /** Its home page; null: it has none. */
  readonly uri: string | null;
}

/** Finds what owners share with somebody. Each method is one round trip. */
export interface SharedWithMeStore {
  /** @param except an owner whose permits are left out: the person's own. */
  list(
    people: readonly NamedPerson[],
    except: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<PermitForMe>>;
  /** What each of these permits is about, in their order. */
  listThings(permits: readonly PermitForMe[]): Promise<readonly PermittedThings[]>;
  /** By client id; without those that there are not. */
  findApps(clientIds: readonly string[]): Promise<ReadonlyMap<string, HomeOfApp>>;
}
