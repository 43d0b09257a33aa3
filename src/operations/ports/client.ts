import type { Client } from "../../protocol/client.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Page } from "./page.ts";

/** Registered clients. `find` may be up to one lease old; a removal is answered only when every lease has run out. */
export interface ClientStore {
  find(id: string): Promise<Client | null>;
  /** Which of these ids are clients without authentication, as of now and not leased. */
  listPublic(ids: readonly string[]): Promise<readonly string[]>;
  /** What those of these ids are called that are clients, as of now and not leased; by id. */
  listNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Writes down what a client that nobody registered is now, so that it can be named where it is gone; nothing of others.
   * Only for somebody who is signed in and let it do something.
   */
  keep(client: Client, now: number): Promise<void>;
  list(cursor: string | null, limit: number): Promise<Page<Client>>;
  insert(client: Client): Promise<void>;
  /** As it stands now, for whoever decides on a change of it. */
  findCurrent(id: string): Promise<Versioned<Client> | null>;
  /** @returns false when there is no such client in this version. */
  replace(client: Client, version: number): Promise<boolean>;
  /**
   * Gone when this returns, but for copies under a lease: await `leasesRunOut` before the removal is answered.
   * @param version the only one to be removed; null: any.
   * @returns false when there is no such client in this version.
   */
  remove(id: string, version: number | null): Promise<boolean>;
  /** No copy that was made before this call is used when it returns. */
  leasesRunOut(): Promise<void>;
}

/** Signed client assertions (RFC 7523 §3, private_key_jwt). */
export interface ClientAssertions {
  /** The client that an assertion names, before anything is verified; null when it cannot be read. */
  subject(assertion: string): string | null;
  /** @throws ProtocolError invalid_client when it does not prove that this client sent it. */
  verify(assertion: string, client: Client, audiences: readonly string[], now: number): Promise<void>;
}
