import { parseDateTime } from "../language/local-time.ts";
import { findUnknownMember, HOURS_MEMBERS, WHEN_MEMBERS } from "../language/members.ts";
import type { Effect, HoursBody, WhenBody } from "../language/policy.ts";
import { allOf, because, type Finding, YES } from "./finding.ts";
import { findClosing, findOpening } from "./hours.ts";

/**
 * Whether a policy holds at this time.
 *
 * @param now epoch seconds
 * @throws RangeError for a time zone or a time of day that is not known here.
 */
export function evaluateWhen(when: WhenBody, now: number, effect: Effect): Finding {
  const unknown =
    findUnknownMember(when, WHEN_MEMBERS) ??
    when.hours?.map((window) => findUnknownMember(window, HOURS_MEMBERS)).find((member) => member !== undefined);
  if (unknown !== undefined) return because("error", "when", `${unknown} is not known`);
  return allOf([evaluateNotBefore(when, now), evaluateExpires(when, now), evaluateHours(when, now)], effect);
}

/** When a policy that holds now stops to, in epoch seconds; null when time alone does not end it. */
export function findEnd(when: WhenBody, now: number): number | null {
  const ends: number[] = [];
  if (when.expires !== undefined) ends.push(Math.floor(parseDateTime(when.expires)));
  if (when.hours) ends.push(Math.max(...closingsOf(when.hours, now)));
  return ends.length > 0 ? Math.min(...ends) : null;
}

/**
 * When a policy that does not hold now can begin to, in epoch seconds; null when it never can.
 * INVARIANT: never later than it truly begins.
 */
export function findStart(when: WhenBody, now: number): number | null {
  const { not_before, expires, hours = [] } = when;
  const starts = not_before === undefined ? [] : [Math.floor(parseDateTime(not_before))];
  if (hours.length > 0 && closingsOf(hours, now).length === 0) {
    starts.push(Math.min(...hours.map((window) => findOpening(window, now))));
  }
  const start = Math.max(now, ...starts);
  const isOver = expires !== undefined && start >= parseDateTime(expires);
  return isOver || start === Number.POSITIVE_INFINITY ? null : start;
}

function evaluateNotBefore(when: WhenBody, now: number): Finding {
  if (when.not_before === undefined) return YES;
  const start = parseDateTime(when.not_before);
  if (Number.isNaN(start)) return because("error", "when.not_before", "it is not a date-time");
  return start <= now ? YES : because("no", "when.not_before", "its time has not come");
}

function evaluateExpires(when: WhenBody, now: number): Finding {
  if (when.expires === undefined) return YES;
  const end = Math.floor(parseDateTime(when.expires));
  if (Number.isNaN(end)) return because("error", "when.expires", "it is not a date-time");
  return now < end ? YES : because("no", "when.expires", "its time is over");
}

function evaluateHours(when: WhenBody, now: number): Finding {
  if (when.hours === undefined || closingsOf(when.hours, now).length > 0) return YES;
  return because("no", "when.hours", "it is outside the hours");
}

function closingsOf(windows: readonly HoursBody[], now: number): readonly number[] {
  return windows.map((window) => findClosing(window, now)).filter((closing) => closing !== null);
}
