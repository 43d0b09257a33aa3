/** U+2068 and U+2069: what stands between them keeps its own direction of writing (UAX #9 §2.5). */
const ISOLATE = "\u2068";
const END_OF_ISOLATE = "\u2069";
const MARKS = /[\u2066-\u2069\u202a-\u202e]/g;
/** Cc, Zl, Zp: in a letter they would begin a paragraph that looks like one of ours. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const ISOLATED = /\u2068([^\u2069]*)\u2069/g;

/**
 * A sentence of the catalogue with somebody's words in it. Whatever is filled in is set apart, so that a name of another
 * writing direction, or one made to look like a part of the sentence, stays a name on its line; parts/said.tsx shows it as one.
 */
export function said(sentence: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return sentence.reduce((text, part, index) => text + setApart(values[index - 1] ?? "") + part);
}

function setApart(value: string | number): string {
  return typeof value === "number"
    ? String(value)
    : ISOLATE + value.replaceAll(MARKS, "").replaceAll(BREAKS, " ") + END_OF_ISOLATE;
}

/** A part of a sentence: ours, or what was filled in. */
export interface Part {
  readonly text: string;
  readonly isName: boolean;
}

export function partsOf(sentence: string): readonly Part[] {
  const parts = sentence.split(ISOLATED).map((text, index) => ({ text, isName: index % 2 === 1 }));
  return parts.filter(({ text }) => text !== "");
}

/** For titles and attributes, which hold no markup. */
export function plain(sentence: string): string {
  return sentence.replaceAll(MARKS, "");
}
