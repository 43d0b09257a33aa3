import type { Page } from "../operations/ports/page.ts";
import { invalidRequest } from "../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_PAGE_ENTRIES } from "../shared/limits.ts";

const DEFAULT_LIMIT = 50;

/** Which page of a list is asked for. */
export interface Paging {
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a list is asked for by name; null where it is not there. */
export type Query<Name extends string> = Readonly<Record<Name, string | null>>;

/**
 * Reads the page that is asked for, and what the list is narrowed by.
 * @param filters the names of the parameters that narrow this list.
 * @throws ProtocolError invalid_request as `parseQuery`, and for a limit that is not a number from 1 to 200.
 */
export function parsePaging<Filter extends string = never>(
  request: Request,
  ...filters: readonly Filter[]
): Paging & Query<Filter> {
  const query = parseQuery<Filter | "cursor" | "limit">(request, "cursor", "limit", ...filters);
  return { ...query, limit: parseLimit(query.limit) };
}

/**
 * Reads a query, of which nothing is ignored: whoever narrows a list by a parameter that it does not know would take the
 * whole for a part.
 * @throws ProtocolError invalid_request for a parameter that this call does not take, is empty, too long, or there twice.
 */
export function parseQuery<Name extends string>(request: Request, ...names: readonly Name[]): Query<Name> {
  const { searchParams } = new URL(request.url);
  const known: readonly string[] = names;
  for (const name of searchParams.keys()) {
    if (!known.includes(name)) throw invalidRequest(`this call takes ${list(known)}, and not ${name}`);
    if (searchParams.getAll(name).length > 1) throw invalidRequest(`${name}: must be sent once`);
    const value = searchParams.get(name) ?? "";
    if (value.length > MAX_IDENTIFIER_CHARACTERS) throw invalidRequest(`${name}: is too long`);
    if (value.trim() === "") throw invalidRequest(`${name}: must not be empty`);
  }
  return Object.fromEntries(names.map((name) => [name, searchParams.get(name)])) as Query<Name>;
}

function list(names: readonly string[]): string {
  return names.length > 0 ? `the parameters ${names.join(", ")}` : "no parameters";
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
