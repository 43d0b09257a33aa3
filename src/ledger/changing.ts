import type { ConnectedCaller } from "../protocol/connection.ts";
import type { ActivityLog } from "./activity.ts";
import type { Book, BookedEntry } from "./book.ts";
import { type Change, type Cut, subjectOf } from "./change.ts";
import type { Connections } from "./connections.ts";
import type { ChangeReply } from "./contract.ts";
import type { ExcerptCache } from "./excerpt-cache.ts";
import { type Housekeeping, RETRY_SECONDS } from "./housekeeping.ts";
import type { ChangeResult, NumberedChange } from "./record.ts";
import type { Uses } from "./uses.ts";

/** What a change reads and writes. */
interface ChangingParts {
  readonly book: Book;
  readonly connections: Connections;
  readonly uses: Uses;
  readonly activity: ActivityLog;
  readonly cache: ExcerptCache;
  readonly housekeeping: Housekeeping;
}

/** What a change does here, when it is booked and when it is settled. INVARIANT: each call runs inside one block. */
export class Changing {
  readonly #parts: ChangingParts;

  constructor(parts: ChangingParts) {
    this.#parts = parts;
  }

  /**
   * INVARIANT: from here on the change takes away; it gives nothing before D1 has it (ledger/README.md, rule 1).
   *
   * @returns an answer that ends the matter, or null: the change is booked and has to be sent
   */
  book(operationId: string, change: Change, caller: ConnectedCaller | null, now: number): ChangeReply | null {
    const { book, connections, cache, housekeeping } = this.#parts;
    if (caller && !connections.stands(caller)) return { outcome: "not_connected" };
    const booked = book.find(operationId);
    if (booked) return booked.result;
    book.appendChange(operationId, change, now);
    cache.forgetTouched(change);
    if (change.kind === "put_connection" || change.kind === "end_connection") connections.suspend(change.clientId);
    housekeeping.wakeBy(now + RETRY_SECONDS);
    return null;
  }

  /** A cut is done when it is booked: D1 need not know of it. */
  cut(operationId: string, cut: Cut, caller: ConnectedCaller | null, now: number): ChangeReply {
    const { book, connections } = this.#parts;
    if (caller && !connections.stands(caller)) return { outcome: "not_connected" };
    const entry = book.find(operationId) ?? this.#bookCut(operationId, cut, caller, now);
    return entry.result ?? { outcome: "pending" };
  }

  #bookCut(operationId: string, cut: Cut, caller: ConnectedCaller | null, at: number): BookedEntry {
    const clientId = caller?.clientId ?? null;
    this.#parts.activity.append({ at, kind: "cut", clientId, partyReference: null, detail: { ...cut } });
    return this.#parts.book.appendCut(operationId, cut, at);
  }

  /** What D1 said of a change takes effect, in the block that settles it in the book. */
  settle({ change, epoch, at }: NumberedChange, result: ChangeResult): void {
    const { book, connections, uses, activity, cache } = this.#parts;
    cache.forgetTouched(change);
    if (result.outcome !== "done") return;
    if (change.kind === "put_connection" && !book.hasConnectionChangeSince(epoch, change.clientId)) {
      connections.activate(change.clientId, epoch);
    }
    if (change.kind === "delete_policy") uses.forget(change.id);
    // What a resource server says of its resources is its daily work, and not the owner's doing.
    if (change.kind === "update_resource") return;
    const detail = { change: change.kind, subject: subjectOf(change), version: result.version };
    activity.append({ at, kind: "changed", clientId: null, partyReference: null, detail });
  }
}
