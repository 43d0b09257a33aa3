import type { Actor } from "../../protocol/actor.ts";
import type { ConnectedCaller, Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";

export interface ConnectionStore {
  /** Standing connections only, like the lists. */
  find(ownerId: string, clientId: string): Promise<Connection | null>;
  /** The one of an owner for whom the person of a linked identity acts now: one they name, or else their own. */
  findOfPerson(asked: AskedOfPerson, now: number): Promise<Connection | null>;
  /** At most so many of them: there may be as many as there are owners. */
  listByClient(clientId: string, limit: number): Promise<readonly Connection[]>;
  /** Some of the owners at whom this client is connected, or at whom it left resources when its connection ended. */
  listOwnersOf(clientId: string, limit: number): Promise<readonly string[]>;
  listByOwner(ownerId: string): Promise<readonly Connection[]>;
  /** Which of these clients have a standing connection to anybody. */
  listConnected(clientIds: readonly string[]): Promise<readonly string[]>;
  /** Whether the caller's connection stands for this scope, for work that checks it nowhere else. */
  stands(caller: ConnectedCaller, scope: ConnectionScope): Promise<boolean>;
  /** The same of whoever acts for an owner: a tool's connection, or an administrator's right. */
  mayAct(actor: Actor): Promise<boolean>;
}

export interface AskedOfPerson {
  readonly identityId: string;
  /** Null: what is the person's own. */
  readonly ownerId: string | null;
  readonly clientId: string;
}

/** Outcome of something asked under a connection: null when the connection no longer stands. */
export type UnderConnection<T> = { readonly standing: false } | { readonly standing: true; readonly value: T };
