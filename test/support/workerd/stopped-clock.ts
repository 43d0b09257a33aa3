import { afterEach, beforeEach, vi } from "vitest";
import { START } from "../pure/signer.ts";

/** Stands still until it is set, both for `Date`, in Worker and Durable Objects, and for whoever is told the time. */
export class StoppedClock {
  /** Epoch seconds. */
  now = START;

  /** One for a file, which begins each of its tests at the same second. */
  static forEachTest(): StoppedClock {
    const clock = new StoppedClock();
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["Date"] });
      clock.set(START);
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    return clock;
  }

  set(seconds: number): void {
    this.now = seconds;
    vi.setSystemTime(seconds * 1_000);
  }
}
