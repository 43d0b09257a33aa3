/** Words for none, one and many; languages with more forms than these look at the number themselves. */
export function plural(count: number, none: string, one: string, many: (count: number) => string): string {
  if (count === 0) return none;
  return count === 1 ? one : many(count);
}

/** "a, b and c", as the language says it. */
export function listOf(locale: string): (items: readonly string[]) => string {
  return (items) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items);
}

/** "a, b or c", likewise. */
export function eitherOf(locale: string): (items: readonly string[]) => string {
  return (items) => new Intl.ListFormat(locale, { type: "disjunction" }).format(items);
}
