import type { Actor } from "../../protocol/actor.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import type { Account } from "./account.ts";
import type { UnderConnection } from "./connection.ts";

/** What there is to call by a name of all that an owner's log names by ids. What is gone has none. */
export interface StoredNames {
  /** Of clients, resources, policies and groups, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** What the resource servers call the scopes of resources, by the id of the resource. */
  readonly scopeNames: ReadonlyMap<string, ScopeNames>;
  /**
   * The clients for which nobody vouches, by id, and where each is at home (protocol/client-home.ts); null: on somebody's
   * device.
   */
  readonly unchecked: ReadonlyMap<string, string | null>;
  /** Of accounts. */
  readonly sealedNames: ReadonlyMap<string, Pick<Account, "wrappedKey" | "sealedName">>;
}

export interface ActivityNameStore {
  /** One round trip, which checks that they may. @param ids of anything; of resources and documents only the owner's count. */
  load(actor: Actor, ids: readonly string[]): Promise<UnderConnection<StoredNames>>;
}
