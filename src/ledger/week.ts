import type { OwnerEvent } from "../events/event.ts";
import type { WeekCounts } from "../events/notice.ts";
import { DAY } from "../shared/time.ts";
import type { ActivityLog } from "./activity.ts";
import type { LedgerStorage } from "./storage.ts";

const SINCE = "week_since";
const WEEK_SECONDS = 7 * DAY;

/**
 * What happened in a week, for whoever wants to be told every week. A week begins with the first alarm after the last one
 * ended, and one in which nothing happened wakes nobody.
 */
export class Week {
  readonly #storage: LedgerStorage;
  readonly #activity: ActivityLog;

  constructor(storage: LedgerStorage, activity: ActivityLog) {
    this.#storage = storage;
    this.#activity = activity;
  }

  /** What the alarm does. @returns what happened in the week that has ended; null: none has, or nothing did */
  end(now: number): WeekCounts | null {
    const since = this.#since();
    if (since !== null && now < since + WEEK_SECONDS) return null;
    this.#storage.kv.put(SINCE, now);
    const counts = since === null ? null : this.#count(since);
    return counts !== null && Object.values(counts).some((count) => count > 0) ? counts : null;
  }

  /** When the week ends in which something happened, epoch seconds; null: nothing did. */
  firstEnd(): number | null {
    const since = this.#since();
    const [newest] = this.#activity.list(null, 1);
    return since !== null && newest !== undefined && newest.lastAt >= since ? since + WEEK_SECONDS : null;
  }

  #since(): number | null {
    return this.#storage.kv.get<number>(SINCE) ?? null;
  }

  #count(since: number): WeekCounts {
    const counts = this.#activity.countSince(since);
    const sum = (...kinds: readonly OwnerEvent["kind"][]) =>
      kinds.reduce((total, kind) => total + (counts.get(kind) ?? 0), 0);
    return {
      letIn: sum("granted"),
      refused: sum("denied"),
      asked: sum("submitted"),
      changed: sum("changed", "cut", "request_decided"),
    };
  }
}
