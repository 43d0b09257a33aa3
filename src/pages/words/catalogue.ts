import { de } from "./de.ts";
import { en, type Words } from "./en.ts";

/** Every language there is; the first is spoken where none of them is asked for. A new one is a file and a line here. */
export const LANGUAGES: readonly Words[] = [en, de];

/** BCP 47 primary subtag of a language of ours. */
export function wordsOf(tag: string): Words | null {
  return LANGUAGES.find(({ language }) => language.tag === tag) ?? null;
}

/** The words of this language, or those that are spoken where none is asked for. */
export function wordsOrUsual(tag: string | null): Words {
  return (tag === null ? null : wordsOf(tag)) ?? en;
}
