import type { ActivityQuery, NamedActivity } from "../../operations/own/read-activity.ts";
import { ACTIVITY_SHOWS, type ActivityShow } from "../../pages/console/activity.tsx";
import { plain } from "../../pages/words/said.ts";
import { MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { parseActivityId } from "../activity-id.ts";
import { firstSecondOf, lastSecondOf } from "../browser/day.ts";
import { matchesText } from "../search-text.ts";
import { happeningInWords, originInWords, type Reader } from "./speech/happening.ts";

/** What of the log a page was asked for, as its form sends it; what makes no sense asks for nothing, and what is very long is cut. */
export interface SoughtActivity {
  readonly text: string;
  readonly show: ActivityShow;
  /** As date fields give them; empty: any. */
  readonly from: string;
  readonly until: string;
}

export function readSoughtActivity(query: (name: string) => string | undefined): SoughtActivity {
  const show = ACTIVITY_SHOWS.find((one) => one === query("show")) ?? "everything";
  return {
    text: (query("q") ?? "").slice(0, MAX_NAME_CHARACTERS).trim(),
    show,
    from: query("from") ?? "",
    until: query("until") ?? "",
  };
}

/** The same as it stands in a link; empty where everything is asked for. */
export function soughtQuery({ text, show, from, until }: SoughtActivity): Readonly<Record<string, string>> {
  const all = { q: text, show: show === "everything" ? "" : show, from, until };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** The part of the log that was asked for. @param before as a link has it; undefined: from the newest on. */
export function activityQuery(
  { from, until }: SoughtActivity,
  before: string | undefined,
  timeZone: string,
  limit: number,
): ActivityQuery {
  return {
    from: firstSecondOf(from, timeZone) ?? 0,
    until: (lastSecondOf(until, timeZone) ?? Number.MAX_SAFE_INTEGER - 1) + 1,
    before: before === undefined ? null : parseActivityId(before),
    limit,
  };
}

const KINDS: Readonly<Record<Exclude<ActivityShow, "everything">, ReadonlySet<string>>> = {
  admitted: new Set(["granted"]),
  refused: new Set(["denied", "claim_token_refused", "replayed", "refresh_reused", "code_replayed"]),
  changes: new Set(["changed", "cut", "administrators_changed", "authorized", "revoked", "agreed", "request_decided"]),
};

/** Which entries are asked for; null: all of that time. */
export function soughtFilter(
  { text, show }: SoughtActivity,
  reader: Reader,
): ((entry: NamedActivity) => boolean) | null {
  if (text === "" && show === "everything") return null;
  return (entry) => {
    if (show !== "everything" && !KINDS[show].has(entry.kind)) return false;
    const sentence = plain(`${happeningInWords(entry, reader)} ${originInWords(entry, reader)}`);
    return matchesText(text, [sentence, ...(entry.card?.addresses ?? [])]);
  };
}
