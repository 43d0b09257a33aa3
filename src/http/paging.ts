import type { Page } from "../operations/ports/page.ts";
import { invalidRequest } from "../shared/error.ts";
import { MAX_PAGE_ENTRIES } from "../shared/limits.ts";

const DEFAULT_LIMIT = 50;

/** Which page of a list is asked for. */
export interface Paging {
  readonly cursor: string | null;
  readonly limit: number;
}

/** @throws ProtocolError invalid_request for a limit that is not a number from 1 to 200. */
export function parsePaging(request: Request): Paging {
  const { searchParams } = new URL(request.url);
  return { cursor: searchParams.get("cursor"), limit: parseLimit(searchParams.get("limit")) };
}

export function parseLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_PAGE_ENTRIES) return limit;
  throw invalidRequest(`limit: must be a whole number from 1 to ${MAX_PAGE_ENTRIES}`);
}

/** `next` is the cursor of the page that follows; it is left out on the last one. */
export function renderPage<T>({ items, next }: Page<T>, render: (item: T) => unknown): object {
  return { items: items.map(render), ...(next === null ? {} : { next }) };
}
