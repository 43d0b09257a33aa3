import type { Page } from "../operations/ports/page.ts";
import { type Paging, parsePaging, type Query } from "./paging.ts";

/**
 * Reads which page of a list is asked for whose standard knows no pages: null is the whole (FedAuthz §3.2.5).
 * @param filters the names of the parameters that narrow this list.
 * @throws ProtocolError invalid_request as `parsePaging`.
 */
export function parseFlatPaging<Filter extends string>(
  request: Request,
  ...filters: readonly Filter[]
): Query<Filter> & { readonly page: Paging | null } {
  const query = parsePaging(request, ...filters);
  const { searchParams } = new URL(request.url);
  const isPaged = searchParams.has("cursor") || searchParams.has("limit");
  return { ...query, page: isPaged ? query : null };
}

/** Where the page after this one is (RFC 8288), for a list that has no member to say so in; nothing on the last one. */
export function linkToNext(request: Request, { next }: Page<unknown>): Readonly<Record<string, string>> {
  if (next === null) return {};
  const url = new URL(request.url);
  url.searchParams.set("cursor", next);
  return { Link: `<${url}>; rel="next"` };
}
