import type { Page } from "./ports/page.ts";

/** Every entry of a list that comes page by page, each page asked for when the one before is used up. */
export async function* walkPages<Entry>(
  load: (cursor: string | null) => Promise<Page<Entry>>,
): AsyncGenerator<Entry, void> {
  for (let cursor: string | null = null, more = true; more; ) {
    const page: Page<Entry> = await load(cursor);
    yield* page.items;
    cursor = page.next;
    more = cursor !== null;
  }
}
