import { LANGUAGES, wordsOf } from "../../pages/words/catalogue.ts";
import type { Words } from "../../pages/words/en.ts";
import type { PageContext } from "../context.ts";
import { readCookie, writeCookie } from "./cookies.ts";

/** More languages than anybody speaks need not be looked at. */
const MAX_LANGUAGES = 20;
const YEAR_SECONDS = 31_536_000;

/**
 * In which words to answer: those that the app asks for (OpenID Connect Core §3.1.2.1, ui_locales), else those chosen at
 * the foot of a page, else those of the browser. What an app asked for stays until the browser is closed, as the pages
 * that follow no longer say so.
 */
export function wordsFor(c: PageContext): Words {
  return (
    wishLanguage(c, c.req.query("ui_locales") ?? "") ??
    wordsOf(readCookie(c, "language") ?? "") ??
    firstKnown(accepted(c)) ??
    fallback()
  );
}

/** Answers this browser, until it is closed, in the words that an app asks for. @returns null where there are none of these */
export function wishLanguage(c: PageContext, uiLocales: string): Words | null {
  const asked = firstKnown(uiLocales.split(" "));
  if (asked === null) return null;
  if (readCookie(c, "language") !== asked.language.tag) writeCookie(c, "language", asked.language.tag, null);
  return asked;
}

/** Speaks this language to this browser from now on. @returns false where there are no such words. */
export function chooseLanguage(c: PageContext, tag: string): boolean {
  if (wordsOf(tag) === null) return false;
  writeCookie(c, "language", tag, YEAR_SECONDS);
  return true;
}

function fallback(): Words {
  const [first] = LANGUAGES;
  if (first === undefined) throw new Error("the catalogue has no language");
  return first;
}

/** RFC 4647 §3.4 on primary subtags: "de-AT" finds German. */
function firstKnown(ranges: readonly string[]): Words | null {
  const tags = ranges.slice(0, MAX_LANGUAGES).map((range) => range.trim().toLowerCase().split("-")[0] ?? "");
  return tags.map(wordsOf).find((words) => words !== null) ?? null;
}

/** RFC 9110 §12.5.4: by weight; what weighs nothing is not wanted. */
function accepted(c: PageContext): readonly string[] {
  const ranges = (c.req.header("Accept-Language") ?? "").split(",").slice(0, MAX_LANGUAGES).map(weighed);
  const wanted = ranges.filter(({ weight }) => weight > 0);
  return wanted.sort((one, other) => other.weight - one.weight).map(({ range }) => range);
}

function weighed(text: string): { readonly range: string; readonly weight: number } {
  const [range = "", ...parameters] = text.split(";");
  const weight = parameters.map((parameter) => parameter.match(/^\s*q=(\d(?:\.\d{0,3})?)\s*$/)?.[1]);
  return { range, weight: Number(weight[0] ?? 1) };
}
