import { describe, expect, it } from "vitest";
import { inWords, Time } from "../../src/pages/parts/time.tsx";
import { de } from "../../src/pages/words/de.ts";
import { parseMarkup } from "../support/pure/markup.ts";
import { FRAME } from "../support/pure/page-samples.ts";

/** NOW is 26 November 2026, 14:30 in Berlin. */
const at = (text: string) => new Date(text);

describe("a time in words", () => {
  it.each([
    ["2026-11-26T13:05:00Z", "moment", "today at 14:05"],
    ["2026-11-26T13:05:00Z", "day", "today"],
    ["2026-11-25T22:59:00Z", "moment", "yesterday at 23:59"],
    ["2026-11-25T23:01:00Z", "moment", "today at 00:01"],
    ["2026-11-27T08:00:00Z", "day", "tomorrow"],
    ["2026-06-30T12:00:00Z", "moment", "30 June"],
    ["2027-06-30T12:00:00Z", "day", "30 June 2027"],
    ["2026-12-31T23:30:00Z", "day", "1 January 2027"],
  ] as const)("%s as a %s is %s", (time, form, words) => {
    expect(inWords(at(time), form, FRAME)).toBe(words);
  });

  it.each([
    ["2026-11-26T13:05:00Z", "moment", "heute um 14:05 Uhr"],
    ["2027-06-30T12:00:00Z", "day", "30. Juni 2027"],
  ] as const)("%s as a %s in German is %s", (time, form, words) => {
    expect(inWords(at(time), form, { ...FRAME, words: de })).toBe(words);
  });

  it("is the day of the reader's own zone", () => {
    const inAuckland = { ...FRAME, timeZone: "Pacific/Auckland" };
    expect(inWords(at("2026-11-26T13:05:00Z"), "moment", inAuckland)).toBe("today at 02:05");
  });

  it("can be had exactly, by eye and by machine", () => {
    const time = parseMarkup(String(Time({ frame: FRAME, at: Date.parse("2026-06-30T12:00:00Z") / 1_000 }))).first(
      "time",
    );
    expect(time.get("datetime")).toBe("2026-06-30T12:00:00.000Z");
    expect(time.get("title")).toMatch(/^Tuesday,? 30 June 2026 at 14:00:00 CEST$/);
  });
});
