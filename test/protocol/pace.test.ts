import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hourlyPace, type Pace, step } from "../../src/protocol/pace.ts";

const START = 1_900_000_000;

/** Plays requests at these times. @returns the times of those that passed */
function play(pace: Pace, times: readonly number[]): readonly number[] {
  let freeAt: number | null = null;
  return times.filter((now) => {
    const taken = step(pace, freeAt, now);
    freeAt = taken.freeAt;
    return taken.wait === 0;
  });
}

describe("a pace", () => {
  it("lets a burst pass at once, and then one after each interval", () => {
    const pace = { burst: 3, interval: 10 };
    expect(
      play(
        pace,
        [0, 0, 0, 0, 9, 10, 10, 19, 20].map((time) => START + time),
      ),
    ).toEqual([0, 0, 0, 10, 20].map((time) => START + time));
  });

  it("says how long to wait, and not a second less or more", () => {
    const pace = { burst: 2, interval: 30 };
    const { freeAt } = step(pace, step(pace, null, START).freeAt, START);
    expect(step(pace, freeAt, START)).toEqual({ wait: 30, freeAt });
    expect(step(pace, freeAt, START + 29).wait).toBe(1);
    expect(step(pace, freeAt, START + 30).wait).toBe(0);
  });

  it("forgets when it has been at rest for long enough", () => {
    const pace = { burst: 2, interval: 30 };
    const { freeAt } = step(pace, null, START);
    expect(step(pace, freeAt, START + 30)).toEqual(step(pace, null, START + 30));
  });

  it("of an hour lets no more than so many pass within any hour, whenever they come", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (between, halves) => {
        let time = START;
        const times = between.map((gap) => (time += gap));
        const passed = play(hourlyPace(2 * halves), times);
        for (const first of passed) {
          const within = passed.filter((other) => other >= first && other < first + 3_600);
          expect(within.length).toBeLessThanOrEqual(2 * halves);
        }
      }),
    );
  });
});
