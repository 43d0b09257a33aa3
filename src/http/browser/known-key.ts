/** A sentence of ours that a query asks for by its key; null for any other text: nobody makes a page say what they like. */
export function knownKey<Sentences extends object>(
  sentences: Sentences,
  key: string | undefined,
): (keyof Sentences & string) | null {
  return key !== undefined && Object.hasOwn(sentences, key) ? (key as keyof Sentences & string) : null;
}
