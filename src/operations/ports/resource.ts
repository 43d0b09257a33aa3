import type { RptFormat } from "../../protocol/client.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ProtectedResource, Resource, ResourceRegistration } from "../../protocol/resource.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/**
 * Registered resources, read and made under a connection: each call checks in the same D1 batch that the connection
 * still stands, and sees only resources of that owner at that resource server.
 */
export interface ResourceStore {
  find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Resource | null>>;
  /** Every id, in no order. */
  list(caller: ConnectedCaller, filter: ResourceFilter): Promise<UnderConnection<readonly string[]>>;
  /** In the order of the ids. */
  listPage(
    caller: ConnectedCaller,
    filter: ResourceFilter,
    page: { readonly cursor: string | null; readonly limit: number },
  ): Promise<UnderConnection<Page<string>>>;
  /** @returns what stands afterwards; null when the connection's quota is used up (shared/quotas.ts). */
  insert(
    caller: ConnectedCaller,
    resource: NewResource,
    now: number,
  ): Promise<UnderConnection<RegisteredResource | null>>;
  /** Those of these ids that there are. */
  findIds(caller: ConnectedCaller, ids: readonly string[]): Promise<UnderConnection<readonly string[]>>;
  /**
   * What a permission request needs: the named resources that exist, and the owner's ledger. A yes may be up to one
   * lease old, because a ticket counts for nothing until its redemption looks at everything anew; a no may not.
   * @param isYes whether what is known is enough to make the ticket.
   */
  loadForPermission(
    caller: ConnectedCaller,
    ids: readonly string[],
    isYes: (known: RequestableResources) => boolean,
  ): Promise<UnderConnection<RequestableResources>>;
}

/** What a list is narrowed by, compared exactly; null: not by this. */
export interface ResourceFilter {
  readonly name: string | null;
  readonly uri: string | null;
  /** The id of a resource that they are in. */
  readonly collection: string | null;
}

export interface NewResource extends ResourceRegistration {
  readonly id: string;
  /** Names the registration, where it may be sent again. */
  readonly operationId: string | null;
}

export interface RegisteredResource {
  readonly resource: Resource;
  /** Whether this registration made it, now or when it was sent before; else it had its external id already. */
  readonly isMade: boolean;
}

export interface RequestableResources {
  readonly ledger: string;
  /** How the resource server wants its RPTs. */
  readonly rptFormat: RptFormat;
  readonly resources: readonly ProtectedResource[];
  /** The weight of every policy that targets one of them (policy/language/weight.ts). */
  readonly steps: number;
}
