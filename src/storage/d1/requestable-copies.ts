import type { RequestableResources } from "../../operations/ports/resource.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { RecentlyUsed } from "../../shared/recently-used.ts";
import { Leased } from "./leased.ts";

/**
 * What the requests of one connection asked for is kept up to so many characters, which is room for some hundred
 * resources: who asks for more displaces only what it asked for itself.
 */
const CHARACTERS_PER_CONNECTION = 64_000;
/** Their copies take some 30 MB at most. */
const CONNECTIONS_KEPT = 500;

/** What permission requests of one connection looked at. */
interface ConnectionCopies {
  readonly ownerId: string;
  readonly copies: Leased<RequestableResources>;
}

/**
 * An isolate's copies of what permission requests look at. A ticket counts for nothing until its redemption looks at
 * all of it anew, so that other isolates may go on with older copies for a lease when a change is answered.
 */
export class RequestableCopies {
  readonly #connections = new RecentlyUsed<ConnectionCopies>(CONNECTIONS_KEPT);

  /**
   * INVARIANT: only a yes is kept and served. What is absent, a resource, a scope or the connection itself, may be there
   * a moment later.
   */
  find(
    caller: ConnectedCaller,
    ids: readonly string[],
    read: () => Promise<RequestableResources | null>,
    isYes: (known: RequestableResources) => boolean,
  ): Promise<RequestableResources | null> {
    const { ownerId, clientId, generation, tokenId } = caller;
    const { copies } = this.#connections.find(`${ownerId} ${clientId}`, () => ({ ownerId, copies: emptyCopies() }));
    return copies.find(JSON.stringify([generation, tokenId, ...ids]), read, isYes);
  }

  /** What is being read for this owner at present is not kept either: it goes where nobody looks any more. */
  forget(ownerId: string): void {
    this.#connections.forgetWhere((connection) => connection.ownerId === ownerId);
  }
}

function emptyCopies(): Leased<RequestableResources> {
  return new Leased({ room: CHARACTERS_PER_CONNECTION, sizeOf: (copy) => JSON.stringify(copy).length });
}
