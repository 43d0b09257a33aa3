import type { Book } from "./book.ts";
import { type Change, subjectOf, type VersionedChange } from "./change.ts";
import type { ChangeResult, SystemOfRecord } from "./record.ts";

/** How long D1 is waited for, seconds: taking something away must not hang on a read. */
const PATIENCE_SECONDS = 1;

/**
 * Sees before a change is booked what D1 would refuse it for. A booked change takes away at once, and one that comes to
 * nothing must take nothing, not even for a moment.
 */
export class Foresight {
  readonly #book: Book;
  readonly #record: SystemOfRecord;
  readonly #sleep: (seconds: number) => Promise<void>;

  constructor(book: Book, record: SystemOfRecord, sleep: (seconds: number) => Promise<void>) {
    this.#book = book;
    this.#record = record;
    this.#sleep = sleep;
  }

  /**
   * @returns null when the change has to be booked: D1 would take it, or cannot be asked, or has yet to hear of an
   *   earlier change of the same subject
   */
  async findRefusal(ownerId: string, change: VersionedChange): Promise<ChangeResult | null> {
    if (this.#book.isPending(subjectOf(change))) return null;
    const impatience = this.#sleep(PATIENCE_SECONDS).then(() => null);
    return Promise.race([this.#ask(ownerId, change).catch(() => null), impatience]);
  }

  /** INVARIANT: a D1 that was restored from a backup lacks what grants stand on, so it has no say in what can be ended. */
  async #ask(ownerId: string, change: VersionedChange): Promise<ChangeResult | null> {
    const recorded = this.#book.recordedEpoch();
    const { epoch, refusal } = await this.#record.foresee(ownerId, change);
    const isAbreast = epoch !== null && epoch >= recorded && epoch <= this.#book.lastEpoch();
    return isAbreast ? refusal : null;
  }
}

/**
 * Edits of documents that must be there, and of resources in one version. Of connections the ledger knows itself, and
 * any other change of a resource touches only what is its own.
 */
export function isForeseeable(change: Change): change is VersionedChange {
  if ("resourceServerId" in change) return change.version !== undefined;
  return "expected" in change && change.expected !== "absent";
}
