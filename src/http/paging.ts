import type { Page } from "../operations/ports/page.ts";
import { ProtocolError } from "../shared/error.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

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
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new ProtocolError("invalid_request", `limit: must be a whole number from 1 to ${MAX_LIMIT}`);
}

/** `next` is the cursor of the page that follows; it is left out on the last one. */
export function renderPage<T>({ items, next }: Page<T>, render: (item: T) => unknown): object {
  return { items: items.map(render), ...(next === null ? {} : { next }) };
}
