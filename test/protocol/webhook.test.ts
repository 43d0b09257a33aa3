import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextAttemptAt, outcomeOf, RETRY_PERIOD_SECONDS } from "../../src/protocol/webhook.ts";

const START = 1_900_000_000;
const DAY = 86_400;
const HOUR = 3_600;

/** Every pause until a message is given up, with this luck. */
function pauses(draw: number): readonly number[] {
  const found: number[] = [];
  for (let now = START, attempts = 1; ; attempts += 1) {
    const next = nextAttemptAt(START, attempts, now, draw);
    if (next === null) return found;
    found.push(next - now);
    now = next;
  }
}

describe("the next try of a message", () => {
  it("comes after 5 seconds, and each time four times as late, half a day at most", () => {
    expect(pauses(0)).toEqual([5, 20, 80, 320, 1_280, 5_120, 20_480, ...Array(5).fill(12 * HOUR)]);
  });

  it("is drawn a little later, never sooner, and none comes after three days", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 30 }), (draw, attempts) => {
        const [usual, drawn] = [nextAttemptAt(START, attempts, START, 0), nextAttemptAt(START, attempts, START, draw)];
        expect(drawn).toBeGreaterThanOrEqual(usual ?? 0);
        expect(drawn).toBeLessThanOrEqual(START + ((usual ?? 0) - START) * 1.2 + 1);
        expect(nextAttemptAt(START, attempts, START + RETRY_PERIOD_SECONDS, draw)).toBeNull();
      }),
    );
    const sum = pauses(1).reduce((total, pause) => total + pause, 0);
    expect(sum).toBeGreaterThan(2 * DAY);
    expect(sum).toBeLessThanOrEqual(3 * DAY);
  });
});

it.each([
  [200, { taken: true }],
  [204, { taken: true }],
  [299, { taken: true }],
  [301, { taken: false, failure: "status 301", isFinal: false }],
  [404, { taken: false, failure: "status 404", isFinal: false }],
  [410, { taken: false, failure: "status 410", isFinal: true }],
  [500, { taken: false, failure: "status 500", isFinal: false }],
])("an answer of %i says what became of the message", (status, outcome) => {
  expect(outcomeOf(status)).toEqual(outcome);
});
