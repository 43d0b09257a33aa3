import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findClosing, findOpening } from "../../../src/policy/evaluation/hours.ts";
import { wallSeconds } from "../../../src/policy/language/local-time.ts";
import { DAYS, type HoursBody } from "../../../src/policy/language/policy.ts";
import { SEED } from "../support.ts";

const at = (dateTime: string) => Date.parse(dateTime) / 1000;
const berlin = (from: string, to: string, days?: HoursBody["days"]): HoursBody => ({
  from,
  to,
  time_zone: "Europe/Berlin",
  ...(days ? { days } : {}),
});

describe("a window of hours", () => {
  it.each<[string, HoursBody, string | null]>([
    ["2027-03-03T08:00:00+01:00", berlin("08:00", "18:00"), "2027-03-03T18:00:00+01:00"],
    ["2027-03-03T07:59:59+01:00", berlin("08:00", "18:00"), null],
    ["2027-03-03T18:00:00+01:00", berlin("08:00", "18:00"), null],
    ["2027-03-03T12:00:00+01:00", berlin("08:00", "18:00", ["mon", "tue"]), null],
    ["2027-03-03T12:00:00+01:00", berlin("00:00", "24:00", ["wed"]), "2027-03-04T00:00:00+01:00"],
    ["2027-03-05T23:00:00+01:00", berlin("22:00", "06:00", ["fri"]), "2027-03-06T06:00:00+01:00"],
    ["2027-03-06T05:00:00+01:00", berlin("22:00", "06:00", ["fri"]), "2027-03-06T06:00:00+01:00"],
    ["2027-03-05T05:00:00+01:00", berlin("22:00", "06:00", ["fri"]), null],
    ["2027-03-06T23:00:00+01:00", berlin("22:00", "06:00", ["fri"]), null],
    ["2027-03-07T23:30:00+01:00", berlin("22:00", "00:00", ["sun"]), "2027-03-08T00:00:00+01:00"],
    // The clocks go forward on 28 March 2027 at 02:00, and back on 31 October at 03:00.
    ["2027-03-28T01:30:00+01:00", berlin("01:00", "02:30"), "2027-03-28T03:00:00+02:00"],
    ["2027-03-28T01:30:00+01:00", berlin("01:00", "04:00"), "2027-03-28T04:00:00+02:00"],
    ["2027-10-31T01:30:00+02:00", berlin("01:00", "02:30"), "2027-10-31T02:30:00+02:00"],
    ["2027-10-31T02:15:00+01:00", berlin("01:00", "02:30"), "2027-10-31T02:30:00+01:00"],
    ["2027-10-31T01:30:00+02:00", berlin("01:00", "03:00"), "2027-10-31T03:00:00+01:00"],
    ["2027-10-30T23:00:00+02:00", berlin("22:00", "06:00"), "2027-10-31T06:00:00+01:00"],
    ["2027-10-31T02:45:00+02:00", berlin("02:30", "03:30"), "2027-10-31T03:00:00+02:00"],
  ])("at %s, %j closes at %s", (now, window, closing) => {
    expect(findClosing(window, at(now))).toBe(closing === null ? null : at(closing));
  });

  it.each<[string, HoursBody, string]>([
    ["2027-03-03T07:00:00+01:00", berlin("08:00", "18:00"), "2027-03-03T08:00:00+01:00"],
    ["2027-03-03T19:00:00+01:00", berlin("08:00", "18:00"), "2027-03-04T08:00:00+01:00"],
    ["2027-03-03T19:00:00+01:00", berlin("08:00", "18:00", ["wed"]), "2027-03-10T08:00:00+01:00"],
    ["2027-03-27T19:00:00+01:00", berlin("08:00", "18:00"), "2027-03-28T08:00:00+02:00"],
    ["2027-10-31T02:45:00+02:00", berlin("02:00", "02:30"), "2027-10-31T02:00:00+01:00"],
    ["2027-10-31T02:45:00+02:00", berlin("01:00", "02:30"), "2027-10-31T02:00:00+01:00"],
    ["2027-10-31T02:45:00+02:00", berlin("02:15", "02:30"), "2027-10-31T02:15:00+01:00"],
    ["2027-10-31T03:30:00+01:00", berlin("02:00", "02:30"), "2027-11-01T02:00:00+01:00"],
    ["2027-03-28T01:30:00+01:00", berlin("02:00", "02:30"), "2027-03-29T02:00:00+02:00"],
  ])("at %s, %j opens at %s", (now, window, opening) => {
    expect(findOpening(window, at(now))).toBe(at(opening));
  });

  it("never opens on no day", () => {
    expect(findOpening(berlin("08:00", "18:00", []), at("2027-03-03T07:00:00Z"))).toBe(Number.POSITIVE_INFINITY);
  });

  it("throws for a zone or a time it does not know", () => {
    expect(() => findClosing({ ...berlin("08:00", "18:00"), time_zone: "Mars/Olympus" }, 0)).toThrow(RangeError);
    expect(() => findClosing(berlin("8", "18:00"), 0)).toThrow(RangeError);
  });
});

/** Whether the window is open by the plainest reading: today's part, or the rest of what began yesterday. */
function isOpenPlainly(window: HoursBody, now: number): boolean {
  const wall = new Date(wallSeconds(now, window.time_zone) * 1000);
  const time = wall.toISOString().slice(11, 16);
  const today = DAYS[(wall.getUTCDay() + 6) % 7] ?? "mon";
  const yesterday = DAYS[(wall.getUTCDay() + 5) % 7] ?? "mon";
  const days = window.days ?? DAYS;
  if (window.from < window.to) return days.includes(today) && window.from <= time && time < window.to;
  return (days.includes(today) && window.from <= time) || (days.includes(yesterday) && time < window.to);
}

const HALF_HOUR = 1800;
const halfHours = fc.integer({ min: 0, max: 47 }).map((count) => {
  const text = (value: number) => String(value).padStart(2, "0");
  return `${text(Math.floor(count / 2))}:${text((count % 2) * 30)}`;
});
const windows = fc
  .record({
    days: fc.subarray([...DAYS], { minLength: 1 }),
    from: halfHours,
    to: halfHours,
    time_zone: fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"),
  })
  .filter(({ from, to }) => from !== to);
/** Around the days on which clocks are changed somewhere in 2027, and others. */
const instants = fc
  .record({
    day: fc.constantFrom(
      "2027-03-13",
      "2027-03-27",
      "2027-04-03",
      "2027-10-02",
      "2027-10-30",
      "2027-11-06",
      "2027-06-01",
    ),
    halfHour: fc.nat(96),
  })
  .map(({ day, halfHour }) => at(`${day}T00:00:00Z`) + halfHour * HALF_HOUR);

describe("against a walk in half hours", () => {
  it("closes when it is first closed", () => {
    fc.assert(
      fc.property(windows, instants, (window, now) => {
        let end = now;
        while (isOpenPlainly(window, end)) end += HALF_HOUR;
        expect(findClosing(window, now)).toBe(end === now ? null : end);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it("opens no later than it is first open", () => {
    fc.assert(
      fc.property(windows, instants, (window, now) => {
        fc.pre(!isOpenPlainly(window, now));
        let start = now;
        while (!isOpenPlainly(window, start)) start += HALF_HOUR;
        const opening = findOpening(window, now);
        expect(opening).toBeGreaterThan(now);
        expect(opening).toBeLessThanOrEqual(start);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it.each([
    ["Europe/Berlin", "2027-10-30T22:00:00Z"],
    ["America/New_York", "2027-11-07T03:00:00Z"],
    ["Australia/Lord_Howe", "2027-04-03T12:00:00Z"],
    ["Antarctica/Troll", "2027-10-30T22:00:00Z"],
  ])("opens and closes just then where the clocks of %s are put back", (time_zone, evening) => {
    const text = (halfHour: number) =>
      `${String(Math.floor(halfHour / 2)).padStart(2, "0")}:${halfHour % 2 === 0 ? "00" : "30"}`;
    for (let from = 0; from < 10; from += 1) {
      for (let to = from + 1; to < 11; to += 1) {
        const window = { from: text(from), to: text(to), time_zone };
        for (let now = at(evening); now < at(evening) + 16 * HALF_HOUR; now += HALF_HOUR) {
          const isOpen = isOpenPlainly(window, now);
          let turn = now;
          while (isOpenPlainly(window, turn) === isOpen) turn += HALF_HOUR;
          expect(isOpen ? findClosing(window, now) : findOpening(window, now), JSON.stringify([window, now])).toBe(
            turn,
          );
        }
      }
    }
  });
});
