import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LetterRequest, type SentLetter, takeTurn } from "../../src/protocol/letter-budget.ts";
import { EMAIL_CODE_LIFETIME_SECONDS } from "../../src/protocol/lifetimes.ts";
import { EMAIL_CODE_DIGITS, MAX_CODE_TRIES } from "../../src/shared/limits.ts";

const START = 1_900_000_000;
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** A letter box, and who asks for letters to it when. */
class Box {
  readonly sent: SentLetter[] = [];

  ask(request: LetterRequest, now: number): number {
    const recent = this.sent.filter(({ sentAt }) => sentAt > now - HOUR);
    const turn = takeTurn(recent, request, now);
    if ("wait" in turn) return turn.wait;
    this.sent.push({ budget: turn.budget, sender: request.sender, sentAt: now });
    return 0;
  }
}

const stranger = (sender: string): LetterRequest => ({ sender, isKnown: false });
const ana: LetterRequest = { sender: "ana's browser", isKnown: true };

describe("letters to a box", () => {
  it("go to one source a minute apart, and three of them within an hour", () => {
    const box = new Box();
    const asked = [0, 59, 60, 120, 180, HOUR - 1, HOUR].map((time) => box.ask(stranger("here"), START + time));
    expect(asked).toEqual([0, 1, 0, 0, HOUR - 180, 1, 0]);
  });

  it("go to several sources, five of them within an hour", () => {
    const box = new Box();
    const asked = ["a", "b", "c", "d", "e", "f"].map((source) => box.ask(stranger(source), START));
    expect(asked).toEqual([0, 0, 0, 0, 0, HOUR]);
  });

  it("are left to others by one source, however often it asks", () => {
    const box = new Box();
    for (let time = 0; time < HOUR; time += 10) box.ask(stranger("eve"), START + time);
    expect(box.ask(stranger("ana"), START + HOUR - 1)).toBe(0);
  });

  it("go to a browser that is known while strangers use up what they may", () => {
    const box = new Box();
    for (const source of ["a", "b", "c", "d", "e", "f"]) box.ask(stranger(source), START);
    expect(box.ask(ana, START)).toBe(0);
    expect(box.ask(ana, START + MINUTE)).toBe(0);
    expect(box.ask(ana, START + 2 * MINUTE)).toBe(HOUR - 2 * MINUTE);
  });

  it("go to a known browser out of the strangers' budget when its own is used up", () => {
    const box = new Box();
    const asked = [0, 1, 2, 3, 4, 5].map((minute) => box.ask(ana, START + minute * MINUTE));
    expect(asked).toEqual([0, 0, 0, 0, 0, HOUR - 5 * MINUTE]);
  });

  it("are so few within a day that guessing at all their codes has a chance below 10^-5", () => {
    const senders = fc.array(
      fc.record({
        sender: fc.constantFrom(..."abcdefgh"),
        isKnown: fc.boolean(),
        gap: fc.integer({ min: 0, max: 300 }),
      }),
      { minLength: 1_000, maxLength: 1_000 },
    );
    fc.assert(
      fc.property(senders, (asked) => {
        const box = new Box();
        let now = START;
        for (const { gap, ...request } of asked) {
          now += gap;
          box.ask(request, now);
        }
        for (const { sentAt: first } of box.sent) {
          // What is guessed within a day belongs to letters that were good in it.
          const end = first + DAY + EMAIL_CODE_LIFETIME_SECONDS;
          const letters = box.sent.filter(({ sentAt }) => sentAt >= first && sentAt < end).length;
          expect((letters * MAX_CODE_TRIES) / 10 ** EMAIL_CODE_DIGITS).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 5 },
    );
  });
});
