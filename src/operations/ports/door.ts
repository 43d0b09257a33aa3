import type { RptFormat } from "../../protocol/client.ts";

/** Something that a client asks for by name. */
export interface AskedName {
  /** A resource identifier (RFC 8707), as it is kept. */
  readonly location: string;
  /** What the keeper of that calls something else that it keeps for the same owner; null: what bears the location's name. */
  readonly identifier: string | null;
}

/** A resource that bears a name which was asked for, at a resource server whose connection stands. */
export interface NamedResource extends AskedName {
  readonly resourceId: string;
  readonly scopes: readonly string[];
  readonly ownerId: string;
  readonly ledger: string;
  readonly resourceServerId: string;
  readonly connectionGeneration: number;
  readonly rptFormat: RptFormat;
}

/** A resource that is there by its id, or that may be there already, because its registration can be sent again. */
export interface OwnResource {
  readonly id: string | null;
  readonly externalId: string | null;
  readonly operationId: string | null;
}

/** Resources by the names under which clients ask for them. */
export interface DoorStore {
  /**
   * One round trip. Whoever has something of that name themselves is led to that; else a name leads somewhere if one owner
   * alone has something of it.
   * @param ownOwnerId what is the asking person's own; null: nobody known asks
   * @returns those that were found, in the order of the names
   */
  find(asked: readonly AskedName[], ownOwnerId: string | null): Promise<readonly NamedResource[]>;
  /** @returns those of these identifiers that another resource of the owner has than this one. */
  listTaken(ownerId: string, identifiers: readonly string[], own: OwnResource): Promise<readonly string[]>;
}
