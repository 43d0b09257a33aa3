import type { Connection } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import type { Page } from "./page.ts";
import type { AddressedPerson } from "./session.ts";

/** An owner whom an account acts for, and what stands between that owner and one client. */
export interface ConsentingOwner {
  readonly ownerId: string;
  /** Null: what is the person's own. */
  readonly name: string | null;
  /** Null: there is no standing connection. */
  readonly connection: Connection | null;
}

/** Somebody who is signed in, and those for whom they can say what one client may. */
export interface Consenter extends AddressedPerson {
  /** The person's own first, then organisations by name. */
  readonly owners: readonly ConsentingOwner[];
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

/** A page of what somebody has connected, and how much there is in all. */
export interface ConnectedApps extends AddressedPerson, Page<ConnectedApp> {
  readonly total: number;
}

/** What people see of connections. Each call is one round trip, and null where nobody is signed in by this session. */
export interface ConsentStore {
  findConsenter(sessionHash: string, clientId: string, now: number): Promise<Consenter | null>;
  findApps(sessionHash: string, cursor: string | null, limit: number, now: number): Promise<ConnectedApps | null>;
}
