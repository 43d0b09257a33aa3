import type { Group, Policy } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/** An owner's policies and groups, for lists and reading; changes go through the owner's ledger. */
export interface PolicyStore {
  find(caller: Actor, id: string): Promise<UnderConnection<Policy | null>>;
  list(caller: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<Policy>>>;
  findGroup(caller: Actor, id: string): Promise<UnderConnection<Group | null>>;
  /** Those of these groups that there are. */
  findGroups(caller: Actor, ids: readonly string[]): Promise<UnderConnection<readonly Group[]>>;
  listGroups(caller: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<Group>>>;
}
