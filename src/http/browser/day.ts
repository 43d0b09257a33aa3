import { wallSeconds } from "../../policy/language/local-time.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The last second of a day as somebody's clock shows it, epoch seconds: "until Friday" has Friday in it.
 * @param day as a date field gives it (HTML §2.3.5.2).
 * @param timeZone IANA name.
 * @returns null for what is no day.
 */
export function lastSecondOf(day: string, timeZone: string): number | null {
  const midnight = DAY.test(day) ? Date.parse(`${day}T23:59:59Z`) / 1_000 : Number.NaN;
  if (Number.isNaN(midnight) || new Date(midnight * 1_000).toISOString().slice(0, 10) !== day) return null;
  // Twice, as the clock may be put forward or back between the guess and the answer.
  const guess = midnight - (wallSeconds(midnight, timeZone) - midnight);
  return guess - (wallSeconds(guess, timeZone) - midnight);
}
