import type { Group, Policy } from "../../policy/language/policy.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/** An owner's policies and groups, for lists and reading; changes go through the owner's ledger. */
export interface PolicyStore {
  find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Policy | null>>;
  list(caller: ConnectedCaller, cursor: string | null, limit: number): Promise<UnderConnection<Page<Policy>>>;
  findGroup(caller: ConnectedCaller, id: string): Promise<UnderConnection<Group | null>>;
  /** Those of these groups that there are. */
  findGroups(caller: ConnectedCaller, ids: readonly string[]): Promise<UnderConnection<readonly Group[]>>;
  listGroups(caller: ConnectedCaller, cursor: string | null, limit: number): Promise<UnderConnection<Page<Group>>>;
}
