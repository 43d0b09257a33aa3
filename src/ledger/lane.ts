import type { Book, BookedChange } from "./book.ts";
import { subjectOf } from "./change.ts";
import type { ChangeResult, SystemOfRecord } from "./record.ts";
import { ChangeRefused } from "./record.ts";

/** Changes sent to D1 in one transaction. */
const CHANGES_PER_BATCH = 20;
/** What happens around the lane; both calls are made by the lane alone. */
interface LaneEvents {
  /** Runs what settles a batch as one block. */
  block(settle: () => void): void;
  /** D1 has taken a change, or refused it for good; called in the block that settles it in the book. */
  settled(change: BookedChange, result: ChangeResult): void;
}

/** A change whose epoch was voided counts as one that found nothing to do. */
const VOIDED: ChangeResult = { outcome: "not_found" };

/**
 * The one lane on which an owner's changes go to D1, in order (ledger/README.md, rules 1 and 2). Whoever comes first
 * drives it; others wait for the same run. After an error nobody knows whether D1 has taken a batch, so its position is
 * asked.
 */
export class Lane {
  readonly #book: Book;
  readonly #record: SystemOfRecord;
  readonly #events: LaneEvents;
  #run: Promise<void> | null = null;
  #oneByOne = false;
  #waiting: ((settled: boolean) => void)[] = [];

  constructor(book: Book, record: SystemOfRecord, events: LaneEvents) {
    this.#book = book;
    this.#record = record;
    this.#events = events;
  }

  /**
   * Sends what is pending. Ends when all of it is settled, or at the first sign that D1 cannot be reached; what is
   * pending then stays so, and the alarm or the next caller tries again.
   */
  drive(ownerId: string): Promise<void> {
    this.#run ??= this.#drain(ownerId).finally(() => {
      this.#run = null;
      this.#wake(false);
    });
    return this.#run;
  }

  /**
   * Sends what is pending and waits for the next batch to settle, however many follow it.
   *
   * @returns false when nothing could be settled
   */
  nextBatch(ownerId: string): Promise<boolean> {
    const settled = new Promise<boolean>((resolve) => this.#waiting.push(resolve));
    void this.drive(ownerId);
    return settled;
  }

  /**
   * Sends what is pending until this operation is settled, and waits for nothing that was booked after it. Ends sooner
   * when D1 cannot be reached.
   */
  async settle(ownerId: string, operationId: string): Promise<void> {
    // Twice: a run that was on its way when the operation was booked may end without it, and an answer that was lost is
    // found by the next.
    for (let failures = 0; failures < 2 && this.#book.find(operationId)?.state === "pending"; ) {
      if (!(await this.nextBatch(ownerId))) failures += 1;
    }
  }

  async #drain(ownerId: string): Promise<void> {
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      if (!(await this.#send(ownerId, batch))) return;
    }
  }

  /** After a refusal one at a time, so that a change that cannot be taken holds up no other. */
  #next(): readonly BookedChange[] {
    return untilRepeat(this.#book.listPending(this.#oneByOne ? 1 : CHANGES_PER_BATCH));
  }

  /** @returns false when D1 cannot be reached. */
  async #send(ownerId: string, batch: readonly BookedChange[]): Promise<boolean> {
    try {
      this.#conclude(batch, await this.#record.apply(ownerId, batch));
      return true;
    } catch (error) {
      return this.#find(ownerId, batch, error);
    }
  }

  async #find(ownerId: string, batch: readonly BookedChange[], error: unknown): Promise<boolean> {
    try {
      const position = await this.#record.position(ownerId);
      // Beyond the book: the ledger was restored, and what stands in D1 says nothing about these changes.
      if (!position || position.epoch > this.#book.lastEpoch()) return false;
      const taken = batch.filter(({ epoch }) => epoch <= position.epoch);
      if (taken.length > 0) await this.#recall(ownerId, taken, position);
      else await this.#refused(ownerId, batch, position.epoch, error);
      return true;
    } catch {
      return false;
    }
  }

  /** D1 took these, now or in a batch sent before, but its answer was lost. */
  async #recall(
    ownerId: string,
    taken: readonly BookedChange[],
    position: { epoch: number; operationId: string },
  ): Promise<void> {
    const results: ChangeResult[] = [];
    for (const change of taken) {
      const voided = change.epoch === position.epoch && change.operationId !== position.operationId;
      results.push(voided ? VOIDED : await this.#record.recall(ownerId, change));
    }
    this.#conclude(taken, results);
  }

  /** INVARIANT: only what D1 refuses for itself is voided; a failure to reach D1 leaves every change pending. */
  async #refused(ownerId: string, batch: readonly BookedChange[], epoch: number, error: unknown): Promise<void> {
    const [first] = batch;
    if (!first || epoch !== first.epoch - 1 || !(error instanceof ChangeRefused)) throw error;
    if (batch.length > 1) {
      this.#oneByOne = true;
      return;
    }
    console.error({ event: "change_refused", change: first.change.kind, ledger: ownerId, message: error.message });
    await this.#record.applyVoid(ownerId, first.epoch, `void:${first.operationId}`);
    this.#conclude(batch, [VOIDED]);
  }

  #conclude(batch: readonly BookedChange[], results: readonly ChangeResult[]): void {
    this.#oneByOne = false;
    this.#events.block(() => {
      for (const [index, change] of batch.entries()) {
        const result = results[index] ?? VOIDED;
        this.#book.settle(change.epoch, result);
        this.#events.settled(change, result);
      }
    });
    this.#wake(true);
  }

  #wake(settled: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(settled);
  }
}

/**
 * INVARIANT: no batch changes the same subject twice, so what stands there afterwards tells what became of each change,
 * even when D1's answer was lost.
 */
function untilRepeat(changes: readonly BookedChange[]): readonly BookedChange[] {
  const subjects = changes.map(({ change }) => subjectOf(change));
  const repeat = subjects.findIndex((subject, index) => subjects.indexOf(subject) < index);
  return repeat < 0 ? changes : changes.slice(0, repeat);
}
