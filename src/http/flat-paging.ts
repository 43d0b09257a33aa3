import type { Page } from "../operations/ports/page.ts";
import { type Paging, parsePaging } from "./paging.ts";

/**
 * Reads which page of a list is asked for whose standard knows no pages: without a parameter it is the whole (FedAuthz
 * §3.2.5).
 * @throws ProtocolError invalid_request as `parsePaging`.
 */
export function parseFlatPaging(request: Request): Paging | null {
  const paging = parsePaging(request);
  return new URL(request.url).search === "" ? null : paging;
}

/** Where the page after this one is (RFC 8288), for a list that has no member to say so in; nothing on the last one. */
export function linkToNext(request: Request, { next }: Page<unknown>): Readonly<Record<string, string>> {
  if (next === null) return {};
  const url = new URL(request.url);
  url.searchParams.set("cursor", next);
  return { Link: `<${url}>; rel="next"` };
}
