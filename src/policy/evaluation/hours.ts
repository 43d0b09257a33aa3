import { DAY_SECONDS, findClockChange, parseTimeOfDay, wallSeconds } from "../language/local-time.ts";
import { DAYS, type HoursBody } from "../language/policy.ts";

/** A stretch of wall-clock time, from (included) to (not included), in wall seconds. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * When the window that is open at `now` closes, in epoch seconds; null when it is not open.
 *
 * @throws RangeError for a time zone or a time of day that is not known here.
 */
export function findClosing(window: HoursBody, now: number): number | null {
  const wall = wallSeconds(now, window.time_zone);
  const open = stretchesOf(window, wall, [-1, 0]).find((stretch) => contains(stretch, wall));
  return open ? closingOf(open, now, window.time_zone) : null;
}

const NEXT_DAYS = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * When a window that is closed at `now` opens next, in epoch seconds; Infinity when it never does.
 * INVARIANT: never later than the true opening, as what it denies must have ended by then.
 *
 * @throws RangeError for a time zone or a time of day that is not known here.
 */
export function findOpening(window: HoursBody, now: number): number {
  const wall = wallSeconds(now, window.time_zone);
  const next = stretchesOf(window, wall, NEXT_DAYS).find((stretch) => stretch.from > wall);
  if (next === undefined) return Number.POSITIVE_INFINITY;
  const opening = now + next.from - wall;
  const change = findClockChange(now, window.time_zone);
  if (change === null || change > opening) return opening;
  // A clock that is put back can come into a window that it has left.
  return findClosing(window, change) === null ? findOpening(window, change) : change;
}

/**
 * The window as it opens on some days, counted from today. One that runs past midnight may have opened yesterday.
 */
function stretchesOf(window: HoursBody, wall: number, days: readonly number[]): readonly Stretch[] {
  const from = parseTimeOfDay(window.from);
  const to = parseTimeOfDay(window.to);
  if (Number.isNaN(from) || Number.isNaN(to)) throw new RangeError("not a time of day");
  const length = to > from ? to - from : to - from + DAY_SECONDS;
  const today = Math.floor(wall / DAY_SECONDS) * DAY_SECONDS;
  return days
    .map((day) => today + day * DAY_SECONDS)
    .filter((midnight) => isOn(window, midnight))
    .map((midnight) => ({ from: midnight + from, to: midnight + from + length }));
}

function isOn(window: HoursBody, midnight: number): boolean {
  const day = DAYS[(new Date(midnight * 1000).getUTCDay() + 6) % 7];
  return window.days === undefined || (day !== undefined && window.days.includes(day));
}

function contains(stretch: Stretch, wall: number): boolean {
  return wall >= stretch.from && wall < stretch.to;
}

/**
 * When the wall clock leaves a stretch it is in. When the clock is changed on the way, that skips the rest of the
 * stretch, or comes back into it, or before it.
 * INVARIANT: never later than the true closing, as it is the hard end of what is granted.
 */
function closingOf(stretch: Stretch, now: number, timeZone: string): number {
  const closing = now + stretch.to - wallSeconds(now, timeZone);
  const change = findClockChange(now, timeZone);
  if (change === null || change > closing) return closing;
  const wall = wallSeconds(change, timeZone);
  return contains(stretch, wall) ? change + stretch.to - wall : change;
}
