import { type Channel, Lost } from "../faulty-record.ts";

/** A call on its way there, or its answer on the way back. */
interface Traveller {
  /** Lets it arrive. @returns the answer, which then has to travel back; null when there is none. */
  readonly arrive: () => Traveller["arrive"] | null;
  /** Tells the caller that it was lost; null for what cannot get lost. */
  readonly lose: (() => void) | null;
  /** What its arrival does in the record, even if it is late; null when it does nothing. */
  readonly reach: (() => unknown) | null;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Whatever a ledger waits for. Nothing arrives by itself: a test lets one after another through, loses it, or delivers
 * it long after its caller has given up or died.
 */
export class Traffic {
  down = false;
  #onTheWay: Traveller[] = [];
  #late: (() => unknown)[] = [];
  #sleepers: Sleeper[] = [];

  readonly channel: Channel = (_call, reach) =>
    new Promise((resolve, reject) => {
      const lose = () => reject(new Lost("lost on the way"));
      const arrive = () => {
        if (this.down) {
          lose();
          return null;
        }
        return answerOf(reach, resolve, reject);
      };
      this.#onTheWay.push({ arrive, lose, reach });
    });

  /** Something that takes time but cannot get lost. */
  pause<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      const arrive = () => {
        resolve(value);
        return null;
      };
      this.#onTheWay.push({ arrive, lose: null, reach: null });
    });
  }

  sleepUntil(at: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at, wake }));
  }

  /** Lets one through. @returns false when nothing is on its way */
  async let(pick: number): Promise<boolean> {
    const traveller = this.#take(pick, this.#onTheWay);
    if (!traveller) return false;
    const answer = traveller.arrive();
    if (answer) this.#onTheWay.push({ arrive: answer, lose: traveller.lose, reach: null });
    await quiet();
    return true;
  }

  /** Loses one; if it is a call, it may still come late. */
  async lose(pick: number): Promise<void> {
    const losable = this.#onTheWay.filter(({ lose }) => lose !== null);
    const traveller = this.#take(pick, losable);
    if (!traveller) return;
    this.#onTheWay = this.#onTheWay.filter((one) => one !== traveller);
    if (traveller.reach) this.#late.push(traveller.reach);
    traveller.lose?.();
    await quiet();
  }

  /** A call that was given up arrives after all. Nobody hears the answer. */
  deliverLate(pick: number): void {
    const reach = this.#take(pick, this.#late);
    if (!reach || this.down) return;
    try {
      reach();
    } catch {
      // The record refuses a latecomer, and there is nobody to tell.
    }
  }

  /** Everybody who waits dies; what they sent may still arrive. */
  abandon(): void {
    this.#late.push(...this.#onTheWay.flatMap(({ reach }) => reach ?? []));
    this.#onTheWay = [];
    this.#sleepers = [];
  }

  /** When the first sleeper wakes, epoch seconds; null when nobody sleeps. */
  firstWaking(): number | null {
    return this.#sleepers.length > 0 ? Math.min(...this.#sleepers.map(({ at }) => at)) : null;
  }

  async wake(now: number): Promise<void> {
    const awake = this.#sleepers.filter(({ at }) => at <= now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > now);
    for (const sleeper of awake) sleeper.wake();
    await quiet();
  }

  #take<T>(pick: number, from: T[]): T | undefined {
    return from.length > 0 ? from.splice(pick % from.length, 1)[0] : undefined;
  }
}

function answerOf<T>(reach: () => T, resolve: (value: T) => void, reject: (error: unknown) => void) {
  let answer: () => void;
  try {
    const value = reach();
    answer = () => resolve(value);
  } catch (error) {
    answer = () => reject(error);
  }
  return () => {
    answer();
    return null;
  };
}

/** Everything that can go on without an arrival has gone on after so many turns. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await null;
}
