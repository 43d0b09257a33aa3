import type { ConnectedCaller, Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";

export interface ConnectionStore {
  /** Standing connections only, like the lists. */
  find(ownerId: string, clientId: string): Promise<Connection | null>;
  /** @param limit at most so many; null: all, which may be as many as there are owners. */
  listByClient(clientId: string, limit: number | null): Promise<readonly Connection[]>;
  listByOwner(ownerId: string): Promise<readonly Connection[]>;
  /** Whether the caller's connection stands for this scope, for work that checks it nowhere else. */
  stands(caller: ConnectedCaller, scope: ConnectionScope): Promise<boolean>;
}

/** Outcome of something asked under a connection: null when the connection no longer stands. */
export type UnderConnection<T> = { readonly standing: false } | { readonly standing: true; readonly value: T };
