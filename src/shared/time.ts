/** The clock, and the units that lifetimes are told in. Rules never read the clock: they get `now`. */

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The time in epoch seconds. In production it stands still between two waits, which no rule here minds. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
