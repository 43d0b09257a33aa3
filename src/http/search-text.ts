/** Marks that a letter bears, which people leave out when they are in a hurry. */
const MARKS = /\p{M}/gu;

/** Whether every word that was typed begins a word, or is a part of one, whatever its case and accents. */
export function matchesText(typed: string, texts: readonly string[]): boolean {
  const whole = folded(texts.join("\n"));
  return folded(typed)
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(MARKS, "").toLowerCase().replaceAll("ß", "ss");
}
