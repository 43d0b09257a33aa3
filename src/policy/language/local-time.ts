import { RecentlyUsed } from "../../shared/recently-used.ts";

/** Wall clocks. The only place that asks Intl what time it is somewhere. */

export const DAY_SECONDS = 86_400;

/** More zones than one decision can name (policy/language/weight.ts), so that they do not push each other out. */
const FORMATTERS_KEPT = 400;
const formatters = new RecentlyUsed<Intl.DateTimeFormat>(FORMATTERS_KEPT);
/** One decision asks for the same instants again and again: now, and when a window closes. */
const WALLS_KEPT = 4_000;
const walls = new RecentlyUsed<number>(WALLS_KEPT);

function makeFormatter(timeZone: string): Intl.DateTimeFormat {
  const numeric = "numeric";
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
}

/**
 * What the wall clock of a time zone shows at an instant, counted as if the zone were UTC.
 *
 * @param now epoch seconds
 * @throws RangeError for a time zone that is not known here.
 */
export function wallSeconds(now: number, timeZone: string): number {
  return walls.find(`${now} ${timeZone}`, () => readWall(now, timeZone));
}

function readWall(now: number, timeZone: string): number {
  // Making a formatter costs far more than using it.
  const formatter = formatters.find(timeZone, () => makeFormatter(timeZone));
  const parts = formatter.formatToParts(new Date(now * 1000));
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const midnight = Date.UTC(read("year"), read("month") - 1, read("day")) / 1000;
  return midnight + read("hour") * 3600 + read("minute") * 60 + read("second");
}

/** The hours of a week come round within this time. */
const WEEK_AHEAD_SECONDS = 8 * DAY_SECONDS;
/** All windows of a zone ask for the same one. */
const changes = new RecentlyUsed<number | null>(FORMATTERS_KEPT);

/**
 * When the clock of a time zone is put forward or back in the week ahead, in epoch seconds; null when it is not.
 *
 * @param now epoch seconds
 * @throws RangeError for a time zone that is not known here.
 */
export function findClockChange(now: number, timeZone: string): number | null {
  return changes.find(`${now} ${timeZone}`, () => searchClockChange(now, timeZone));
}

function searchClockChange(now: number, timeZone: string): number | null {
  const lead = wallSeconds(now, timeZone) - now;
  const leadsAsNow = (at: number) => readWall(at, timeZone) - at === lead;
  let before = now;
  let after = now + WEEK_AHEAD_SECONDS;
  if (leadsAsNow(after)) return null;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (leadsAsNow(middle)) before = middle;
    else after = middle;
  }
  return after;
}

/** Names such as Europe/Berlin. Bare offsets are refused: they are wrong for half of the year. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    makeFormatter(name);
    return true;
  } catch {
    return false;
  }
}

export const TIME_OF_DAY = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** "08:30" in seconds after midnight; NaN when it is not a time of day. "24:00" is the end of the day. */
export function parseTimeOfDay(text: string): number {
  if (!TIME_OF_DAY.test(text)) return Number.NaN;
  return Number(text.slice(0, 2)) * 3600 + Number(text.slice(3)) * 60;
}

export const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * An RFC 3339 date-time in epoch seconds, with fractions; NaN when it is none. Days that do not exist are none: the
 * platform would read 30 February as 2 March.
 */
export function parseDateTime(text: string): number {
  const match = DATE_TIME.exec(text);
  if (!match) return Number.NaN;
  const daysInMonth = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  return Number(match[3]) <= daysInMonth ? Date.parse(text) / 1000 : Number.NaN;
}
