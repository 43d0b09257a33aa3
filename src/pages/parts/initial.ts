/** The first letter of a name, whatever its script takes to write one. */
export function initialOf(name: string): string {
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name.trim());
  const [first] = letters;
  return (first?.segment ?? "?").toLocaleUpperCase();
}
