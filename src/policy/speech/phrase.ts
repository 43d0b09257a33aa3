/** Small pieces of speech for describe.ts and describe-condition.ts. */

/** What an owner calls things, by id. What has no name is called by its id. */
export interface Names {
  readonly resources?: ReadonlyMap<string, string>;
  readonly groups?: ReadonlyMap<string, string>;
  readonly clients?: ReadonlyMap<string, string>;
}

export function nameOf(names: ReadonlyMap<string, string> | undefined, id: string): string {
  return names?.get(id) ?? id;
}

/** "a, b and c" */
export function joinWith(items: readonly string[], word: "and" | "or"): string {
  const [last, ...others] = [...items].reverse();
  return others.length === 0 ? (last ?? "") : `${others.reverse().join(", ")} ${word} ${last}`;
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Seconds in the largest unit that leaves no rest, such as "15 minutes". */
export function describeDuration(seconds: number): string {
  const [unit, length] = UNITS.find(([, candidate]) => seconds % candidate === 0) ?? ["second", 1];
  return countOf(seconds / length, unit);
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const DATE = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });

/** An RFC 3339 date-time such as "30 June 2027 at 16:00 UTC". */
export function describeInstant(dateTime: string): string {
  const instant = new Date(dateTime);
  return `${DATE.format(instant)} at ${instant.toISOString().slice(11, 16)} UTC`;
}
