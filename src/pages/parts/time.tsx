import type { Frame } from "../frame.ts";

export type TimeForm = "day" | "moment" | "hour";

interface TimeProps {
  readonly frame: Pick<Frame, "words" | "timeZone" | "now">;
  /** Epoch seconds. */
  readonly at: number;
  /** `day`: which day; `moment`: also the hour, where it is near enough to matter; `hour`: that alone. */
  readonly form?: TimeForm;
}

const DAY_MS = 86_400_000;

/** A time as people say it, in their language and zone; to the second on hover and in the markup. */
export function Time({ frame, at, form = "day" }: TimeProps) {
  const date = new Date(at * 1_000);
  return (
    <time datetime={date.toISOString()} title={exactly(date, frame)}>
      {inWords(date, form, frame)}
    </time>
  );
}

/** "today", "yesterday at 14:05", "30 June", "30 June 2027". */
export function inWords(date: Date, form: TimeForm, frame: TimeProps["frame"]): string {
  const language = frame.words.language.locale;
  const hour = new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: frame.timeZone }).format(date);
  if (form === "hour") return hour;
  const days = daysBetween(new Date(frame.now * 1_000), date, frame.timeZone);
  if (Math.abs(days) > 1) return dayOf(date, frame);
  const day = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  return form === "day" ? day : frame.words.layout.dayAndHour(day, hour);
}

function dayOf(date: Date, { words, timeZone, now }: TimeProps["frame"]): string {
  const yearOf = (moment: Date) => new Intl.DateTimeFormat("en", { year: "numeric", timeZone }).format(moment);
  const isThisYear = yearOf(date) === yearOf(new Date(now * 1_000));
  const year = isThisYear ? {} : ({ year: "numeric" } as const);
  const format = new Intl.DateTimeFormat(words.language.locale, { day: "numeric", month: "long", ...year, timeZone });
  return format.format(date);
}

/** Midnights between, as the calendar of the zone has them. */
function daysBetween(from: Date, to: Date, timeZone: string): number {
  const dayNumber = (moment: Date) => {
    const format = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone });
    return Date.parse(format.format(moment)) / DAY_MS;
  };
  return dayNumber(to) - dayNumber(from);
}

function exactly(date: Date, { words, timeZone }: TimeProps["frame"]): string {
  const format = new Intl.DateTimeFormat(words.language.locale, { dateStyle: "full", timeStyle: "long", timeZone });
  return format.format(date);
}
