import { wallSeconds } from "../../policy/language/local-time.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The last second of a day as somebody's clock shows it, epoch seconds: "until Friday" has Friday in it.
 * @param day as a date field gives it (HTML §2.3.5.2).
 * @param timeZone IANA name.
 * @returns null for what is no day.
 */
export function lastSecondOf(day: string, timeZone: string): number | null {
  return secondOf(day, "23:59:59", timeZone);
}

/** The first second of a day, likewise. */
export function firstSecondOf(day: string, timeZone: string): number | null {
  return secondOf(day, "00:00:00", timeZone);
}

function secondOf(day: string, time: string, timeZone: string): number | null {
  const shown = DAY.test(day) ? Date.parse(`${day}T${time}Z`) / 1_000 : Number.NaN;
  if (Number.isNaN(shown) || new Date(shown * 1_000).toISOString().slice(0, 10) !== day) return null;
  // Twice, as the clock may be put forward or back between the guess and the answer.
  const guess = shown - (wallSeconds(shown, timeZone) - shown);
  return guess - (wallSeconds(guess, timeZone) - shown);
}
