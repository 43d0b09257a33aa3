import type { ActivityLog } from "./activity.ts";
import type { Agreements } from "./agreements.ts";
import type { Announcing } from "./announcing.ts";
import { decisionOf, takingBackOperation } from "./approval.ts";
import type { Book, BookedChange, BookedEntry } from "./book.ts";
import {
  type Author,
  type AuthorName,
  byAccount,
  type Change,
  type Cut,
  mayMake,
  nameOf,
  subjectOf,
  type VersionedChange,
} from "./change.ts";
import type { Connections } from "./connections.ts";
import type { ChangeReply } from "./contract.ts";
import type { ExcerptCache } from "./excerpt-cache.ts";
import type { Families } from "./families.ts";
import { isForeseeable } from "./foresight.ts";
import { type Housekeeping, RETRY_SECONDS } from "./housekeeping.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { ChangeResult } from "./record.ts";
import { isFullForDocuments, type LedgerStorage } from "./storage.ts";
import type { Uses } from "./uses.ts";

/** What a change reads and writes. */
interface ChangingParts {
  readonly storage: LedgerStorage;
  readonly book: Book;
  readonly connections: Connections;
  readonly families: Families;
  readonly pendingRequests: PendingRequests;
  readonly uses: Uses;
  readonly agreements: Agreements;
  readonly activity: ActivityLog;
  readonly cache: ExcerptCache;
  readonly housekeeping: Housekeeping;
  readonly announcing: Announcing;
}

/** What a change does here, when it is booked and when it is settled. INVARIANT: each call runs inside one block. */
export class Changing {
  readonly #parts: ChangingParts;

  constructor(parts: ChangingParts) {
    this.#parts = parts;
  }

  /** Whether D1 should be asked before this is booked: it is neither refused in any case nor a repeat. */
  isToForesee(operationId: string, change: Change, author: Author): change is VersionedChange {
    if (!isForeseeable(change) || !mayMake(author, change)) return false;
    return this.stands(author) && this.#parts.book.find(operationId) === null;
  }

  /**
   * INVARIANT: from here on the change takes away; it gives nothing before D1 has it (ledger/README.md, rule 1).
   *
   * @returns an answer that ends the matter, or null: the change is booked and has to be sent
   */
  book(operationId: string, change: Change, author: Author, now: number): ChangeReply | null {
    const { book, cache, housekeeping } = this.#parts;
    if (!this.stands(author) || !mayMake(author, change)) return { outcome: "not_connected" };
    const booked = book.find(operationId);
    if (booked) return booked.result;
    const refusal = this.#refuse(change);
    if (refusal) return refusal;
    book.appendChange(operationId, change, nameOf(author), now);
    cache.forgetTouched(change);
    this.#takeAway(change);
    housekeeping.wakeBy(now + RETRY_SECONDS);
    return null;
  }

  /** Whether whoever calls still does so under a connection; of an administrator's right D1 knows. */
  stands(author: Author): boolean {
    return author.by !== "caller" || this.#parts.connections.stands(author.caller);
  }

  /** What can be told without D1: a change that comes to nothing should take nothing away meanwhile. */
  #refuse(change: Change): ChangeReply | null {
    const { book, connections, storage } = this.#parts;
    if (bringsDocument(change) && isFullForDocuments(storage)) return { outcome: "limit_reached" };
    if (change.kind === "revoke_token" && !connections.mayRevoke(change.clientId)) return { outcome: "limit_reached" };
    if (change.kind !== "end_connection") return null;
    const { clientId } = change;
    return connections.isKnown(clientId) || book.isPending(clientId) ? null : { outcome: "not_found" };
  }

  #takeAway(change: Change): void {
    const { connections, families } = this.#parts;
    if (change.kind === "put_connection" || change.kind === "end_connection") {
      connections.suspend(change.clientId);
      families.removeOf(change.clientId);
    }
    if (change.kind === "revoke_token") {
      connections.revoke(change.clientId, change.tokenId, change.expiresAt);
      families.remove(change.tokenId);
    }
  }

  /** A cut is done when it is booked: D1 need not know of it. */
  cut(operationId: string, cut: Cut, author: Author, now: number): ChangeReply {
    if (!this.stands(author)) return { outcome: "not_connected" };
    const entry = this.#parts.book.find(operationId) ?? this.#bookCut(operationId, cut, author, now);
    return entry.result ?? { outcome: "pending" };
  }

  #bookCut(operationId: string, cut: Cut, author: Author, at: number): BookedEntry {
    const entry = this.#parts.book.appendCut(operationId, cut, author, at);
    const { clientId, accountId } = entry.author;
    const event = { kind: "cut", ...cut, ...byAccount(accountId) } as const;
    this.#parts.activity.append({ at, event, clientId, partyReference: null });
    // Not for the cut's sake, which is done: grants that nobody uses must not fall far behind.
    this.#parts.housekeeping.wakeBy(at + RETRY_SECONDS);
    return entry;
  }

  /** What a resource server says of its resources and tokens is its daily work; the rest is who can see what. */
  #log(change: Change, { clientId, accountId }: AuthorName, at: number, version: number): void {
    const { activity } = this.#parts;
    const entry = { at, clientId, partyReference: null };
    const event = { kind: "changed", change: change.kind, ...byAccount(accountId) } as const;
    if (change.kind === "revoke_token") activity.merge({ ...entry, event });
    else if ("resourceServerId" in change) activity.merge({ ...entry, event: { ...event, subject: change.id } });
    else activity.append({ ...entry, event: { ...event, subject: subjectOf(change), version } });
  }

  /** What D1 said of a change takes effect, in the block that settles it in the book. */
  settle({ operationId, change, epoch, author, at }: BookedChange, result: ChangeResult, now: number): void {
    const { book, connections, uses, agreements, cache } = this.#parts;
    cache.forgetTouched(change);
    if (result.outcome !== "done") {
      this.#takeBack({ operationId, change, author }, now);
      return;
    }
    if (change.kind === "put_connection" || change.kind === "allow_connection") {
      connections.keep(change.clientId, result.version, !book.hasConnectionChangeSince(epoch, change.clientId));
    }
    if (change.kind === "delete_policy") {
      uses.forget(change.id);
      agreements.forget(change.id);
    }
    this.#log(change, author, at, result.version);
    this.#announce(change);
  }

  /**
   * INVARIANT: a yes stands whole or not at all. Where D1 refuses one of its policies the others go, and the owner is asked
   * again: whoever then says no must not have let somebody in.
   */
  #takeBack(
    { operationId, change, author }: Pick<BookedChange, "operationId" | "change" | "author">,
    now: number,
  ): void {
    const { book, cache, housekeeping, pendingRequests } = this.#parts;
    const decision = decisionOf(operationId);
    if (decision === null) return;
    const others = pendingRequests.reopen(decision, now).filter((id) => id !== subjectOf(change));
    for (const id of others) {
      const removal = { kind: "delete_policy", id, expected: "any" } as const;
      book.appendChange(takingBackOperation(decision, id), removal, author, now);
      cache.forgetTouched(removal);
    }
    if (others.length > 0) housekeeping.wakeBy(now + RETRY_SECONDS);
  }

  /** Others keep copies of what ended. */
  #announce(change: Change): void {
    const { announcing } = this.#parts;
    if (change.kind === "end_connection") {
      const { clientId, resources } = change;
      announcing.announce({ kind: "connection_ended", clientId, resources });
    }
    if (change.kind === "delete_resource") {
      const { id: resourceId, resourceServerId } = change;
      announcing.announce({ kind: "resource_dropped", resourceServerId, resourceId });
    }
  }
}

function bringsDocument({ kind }: Change): boolean {
  return kind === "put_policy" || kind === "put_group" || kind === "update_resource";
}
