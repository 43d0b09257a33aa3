import { BOOK_KEPT_SECONDS } from "../protocol/lifetimes.ts";
import { DAY } from "../shared/time.ts";
import type { ActivityLog } from "./activity.ts";
import type { Announcing } from "./announcing.ts";
import type { Book } from "./book.ts";
import type { Connections } from "./connections.ts";
import type { Families } from "./families.ts";
import type { Grants } from "./grants.ts";
import type { Interactions } from "./interactions.ts";
import { type Judge, UNJUDGED_ENTRIES } from "./judge.ts";
import type { Outbox } from "./outbox.ts";
import type { Parties } from "./parties.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import type { SpentTickets } from "./spent-tickets.ts";
import type { LedgerStorage } from "./storage.ts";
import type { Surrendered } from "./surrendered.ts";
import { answerUnavailable } from "./unavailable.ts";
import type { Week } from "./week.ts";

/** Rows dealt with in one slice, so that an alarm holds up no redemption for long. */
const SLICE = 1_000;
/** Judging one takes as long as there are entries to apply. */
const JUDGED_SLICE = 20;
/** Requests that expire at once: each is written to the log. */
const EXPIRING_SLICE = 100;
/** Cleaning up is in no hurry: what has expired is refused in any case. */
const CLEANING_INTERVAL_SECONDS = 60;
/** A change that D1 has not taken is sent again after this time. */
export const RETRY_SECONDS = 2;

interface HousekeepingParts {
  readonly storage: LedgerStorage;
  readonly book: Book;
  readonly spent: SpentTickets;
  readonly grants: Grants;
  readonly surrendered: Surrendered;
  readonly families: Families;
  readonly parties: Parties;
  readonly processes: Processes;
  readonly interactions: Interactions;
  readonly pendingRequests: PendingRequests;
  readonly connections: Connections;
  readonly activity: ActivityLog;
  readonly outbox: Outbox;
  readonly judge: Judge;
  readonly announcing: Announcing;
  readonly week: Week;
}

/** Keeps the ledger from growing: everything in it ends, and the alarm sees to it. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #notices: LedgerPorts["notices"];
  readonly #connectionIdleDays: number;
  /** When the alarm rings, epoch seconds; undefined until it was asked, null: not set. */
  #alarmAt: number | null | undefined;

  constructor(parts: HousekeepingParts, { notices, settings }: Pick<LedgerPorts, "notices" | "settings">) {
    this.#parts = parts;
    this.#notices = notices;
    this.#connectionIdleDays = settings.connectionIdleDays;
  }

  /**
   * Must be called before the first `wakeBy`: reading the alarm takes an await. What came later than the ledger is made
   * here, outside of any block that could undo it.
   */
  async prepare(): Promise<void> {
    if (this.#alarmAt !== undefined) return;
    this.#parts.families.create();
    const alarm = await this.#parts.storage.getAlarm();
    this.#alarmAt ??= alarm === null ? null : Math.ceil(alarm / 1_000);
  }

  /** Sees to it that the alarm rings by this time. Synchronous, so that it is written with what needs it. */
  wakeBy(at: number): void {
    if (this.#alarmAt != null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.#parts.storage.setAlarm(at * 1_000);
  }

  /** What the alarm does; safe to repeat. */
  async clean(ownerId: string, now: number): Promise<void> {
    this.#alarmAt = null;
    const { spent, grants, processes, interactions, connections, families, book, activity } = this.#parts;
    const { parties, pendingRequests, surrendered, announcing } = this.#parts;
    families.create();
    spent.dropEnded(now);
    if (this.#connectionIdleDays > 0) families.removeUnused(now - this.#connectionIdleDays * DAY);
    connections.forgetExpired(now);
    processes.removeExpired(now);
    surrendered.removeExpired(now);
    interactions.removeExpired(now);
    parties.removeExpired(now);
    pendingRequests.removeEnded(now);
    activity.dropOld(now);
    const yesterday = book.settledSequence(now - DAY);
    const due = (await this.#isToJudge(now)) ? book.settledSequence(now + 1) : yesterday;
    const isCleaning = grants.removeExpired(now, SLICE) === SLICE;
    const isExpiring = this.#expireRequests(now) === EXPIRING_SLICE;
    const more = (await this.#catchUp(ownerId, due, now)) || isCleaning || isExpiring;
    book.prune(now - BOOK_KEPT_SECONDS, now - DAY, Math.min(grants.judgedByAll(), yesterday));
    this.#endWeek(now);
    await announcing.tell(ownerId);
    this.#setNext(now, more);
  }

  /** Each is told to the owner. @returns how many there were */
  #expireRequests(now: number): number {
    const { storage, pendingRequests, activity } = this.#parts;
    return storage.transactionSync(() => {
      const expired = pendingRequests.expire(now, EXPIRING_SLICE);
      for (const { id: requestId, clientId, partyReference } of expired) {
        activity.append({ at: now, event: { kind: "request_expired", requestId }, clientId, partyReference });
      }
      return expired.length;
    });
  }

  #endWeek(now: number): void {
    const { storage, week, announcing } = this.#parts;
    storage.transactionSync(() => {
      const counts = week.end(now);
      if (counts !== null) announcing.announce({ kind: "week", ...counts });
    });
  }

  /**
   * Whether to write down now what the book takes from grants. A grant is judged whenever it is used, so that one lags a day
   * behind the book is time enough, unless it lags far, or somebody waits to hear of it.
   */
  async #isToJudge(now: number): Promise<boolean> {
    const { book, grants } = this.#parts;
    const judged = grants.judgedByAll();
    if (book.lastSequence() - judged > UNJUDGED_ENTRIES) return true;
    return judged < book.settledSequence(now + 1) && (await this.#notices.hearsOfGrants().catch(() => false));
  }

  /** Claims that cannot be opened hold up no other cleaning. @returns whether more grants may be behind */
  async #catchUp(ownerId: string, sequence: number, now: number): Promise<boolean> {
    try {
      return (await this.#parts.judge.catchUp(sequence, JUDGED_SLICE)) === JUDGED_SLICE;
    } catch (error) {
      answerUnavailable(error, ownerId);
      this.wakeBy(now + CLEANING_INTERVAL_SECONDS);
      return false;
    }
  }

  #setNext(now: number, more: boolean): void {
    const next = more ? now + 1 : this.#nextEnd(now);
    if (next !== null) this.wakeBy(next);
    const turn = this.#parts.outbox.firstTurn();
    if (turn !== null) this.wakeBy(Math.max(turn, now + 1));
  }

  /** When there is something to do again, epoch seconds; null: nothing is kept that ends. */
  #nextEnd(now: number): number | null {
    const { book, ...parts } = this.#parts;
    if (book.countPending() > 0) return now + RETRY_SECONDS;
    const ending = [
      parts.spent,
      parts.grants,
      parts.surrendered,
      parts.parties,
      parts.processes,
      parts.interactions,
      parts.pendingRequests,
      parts.connections,
      parts.activity,
      parts.week,
    ];
    const firstEnds = ending.map((table) => table.firstEnd());
    const ends = firstEnds.filter((end) => end !== null);
    const unusedSince = this.#connectionIdleDays > 0 ? parts.families.firstUse() : null;
    if (unusedSince !== null) ends.push(unusedSince + this.#connectionIdleDays * DAY);
    const bookedAt = book.firstAt();
    if (bookedAt !== null) ends.push(Math.max(bookedAt + BOOK_KEPT_SECONDS, now + DAY));
    return ends.length > 0 ? Math.max(Math.min(...ends), now + CLEANING_INTERVAL_SECONDS) : null;
  }
}
