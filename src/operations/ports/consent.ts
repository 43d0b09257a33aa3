import type { Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import type { Page } from "./page.ts";

/** An owner whom an account acts for, and what stands between that owner and one client. */
export interface ConsentingOwner {
  readonly ownerId: string;
  /** Null: what is the person's own. */
  readonly name: string | null;
  /** Null: there is no standing connection. */
  readonly connection: Connection | null;
}

/** A client that is connected to an owner, as the owner's administrator is shown it. */
export interface ConnectedApp {
  readonly ownerId: string;
  /** Null: what is the person's own. */
  readonly ownerName: string | null;
  readonly clientId: string;
  readonly clientName: string;
  readonly clientUri: string | null;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly ConnectionScope[];
  /** Epoch seconds; null: it was connected before anybody noted when. */
  readonly since: number | null;
}

/** A page of a list, and how long the whole of it is. */
export interface CountedPage<T> extends Page<T> {
  readonly total: number;
}

/** What people see of connections; each call is one round trip, and looks at rights and connections at the same time. */
export interface ConsentStore {
  /** The person's own first, then organisations by name. */
  listOwners(accountId: string, clientId: string, now: number): Promise<readonly ConsentingOwner[]>;
  listApps(accountId: string, cursor: string | null, limit: number, now: number): Promise<CountedPage<ConnectedApp>>;
}
