import type { NamedActivity } from "../../operations/own/read-activity.ts";
import { plain } from "../../pages/words/said.ts";
import { renderActivityEntry } from "../owner/render-activity.ts";
import { happeningInWords, originInWords, type Reader, reasonsInWords } from "./speech/happening.ts";

/** Copies of the log for people to keep, made part by part. */

type Entries = AsyncGenerator<readonly NamedActivity[], void>;

/** What programs for tables take for a letter of the text that follows, and not for ours (UTF-8). */
const BYTE_ORDER_MARK = "\ufeff";

/** RFC 4180, in the reader's language. */
export async function* activityInCsv(entries: Entries, reader: Reader): AsyncGenerator<string, void> {
  const { columns } = reader.words.activity;
  const order = ["time", "lastTime", "count", "happened", "why", "person", "address", "origin"] as const;
  yield BYTE_ORDER_MARK + csvLine(order.map((column) => columns[column]));
  for await (const some of entries) {
    yield some.map((entry) => csvLine(order.map((column) => cellsOf(entry, reader)[column]))).join("");
  }
}

function cellsOf(entry: NamedActivity, reader: Reader) {
  return {
    time: instant(entry.at),
    lastTime: instant(entry.lastAt),
    count: String(entry.count),
    happened: plain(happeningInWords(entry, reader)),
    why: reasonsInWords(entry, reader).join(" "),
    person: entry.card?.name ?? "",
    address: entry.card?.addresses[0] ?? "",
    origin: plain(originInWords(entry, reader)),
  };
}

function instant(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toISOString();
}

/**
 * What programs for tables take for the beginning of a formula, in the wide letters of East Asia too, and also where marks
 * that nobody sees stand before it; a name that somebody chose must not become one.
 */
const FORMULA = /^[\p{Cf}\p{Z}]*[=+\-@\t\r\n＝＋－＠]/u;

function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`);
  return `${quoted.join(",")}\r\n`;
}

/** As the owner API has it (`GET /owner/activity`). */
export async function* activityAsData(entries: Entries): AsyncGenerator<object, void> {
  for await (const some of entries) yield* some.map(renderActivityEntry);
}
