import type { Actor } from "../../protocol/actor.ts";
import type { ShownClient } from "../../protocol/client.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/** A client that is connected to an owner, as whoever acts for the owner is shown it. */
export interface ConnectedApp extends ShownClient {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly ConnectionScope[];
  /** Epoch seconds; null: it was connected before anybody noted when. */
  readonly since: number | null;
  /** How many resources of the owner it registered. */
  readonly resources: number;
}

/** A page of what is connected to an owner, and how much there is in all. */
export interface ConnectedApps extends Page<ConnectedApp> {
  readonly total: number;
}

export interface ConnectedAppStore {
  /** One round trip, which checks that they may. */
  list(actor: Actor, cursor: string | null, limit: number): Promise<UnderConnection<ConnectedApps>>;
}
