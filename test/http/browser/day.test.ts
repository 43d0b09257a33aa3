import { expect, it } from "vitest";
import { firstSecondOf, lastSecondOf } from "../../../src/http/browser/day.ts";

it.each([
  ["2026-06-30", "UTC", "2026-06-30T23:59:59Z"],
  ["2026-06-30", "Europe/Berlin", "2026-06-30T21:59:59Z"],
  ["2026-12-31", "Pacific/Auckland", "2026-12-31T10:59:59Z"],
  ["2026-12-31", "America/Los_Angeles", "2027-01-01T07:59:59Z"],
  // The days on which the clock is put forward and back.
  ["2026-03-29", "Europe/Berlin", "2026-03-29T21:59:59Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-25T22:59:59Z"],
  ["2028-02-29", "UTC", "2028-02-29T23:59:59Z"],
])("%s ends in %s at %s", (day, timeZone, instant) => {
  expect(lastSecondOf(day, timeZone)).toBe(Date.parse(instant) / 1_000);
});

it.each([
  ["2026-06-30", "UTC", "2026-06-30T00:00:00Z"],
  ["2026-06-30", "Europe/Berlin", "2026-06-29T22:00:00Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00Z"],
  ["2026-12-31", "America/Los_Angeles", "2026-12-31T08:00:00Z"],
])("%s begins in %s at %s", (day, timeZone, instant) => {
  expect(firstSecondOf(day, timeZone)).toBe(Date.parse(instant) / 1_000);
});

it.each(["", "tomorrow", "2026-02-30", "2026-13-01", "2026-6-1", "02026-06-01", "2026-06-01T00:00"])(
  "%j is no day",
  (text) => {
    expect(lastSecondOf(text, "UTC")).toBeNull();
  },
);
