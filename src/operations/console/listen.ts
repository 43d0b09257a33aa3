import type { ActingAdministrator } from "../../protocol/actor.ts";
import type { OpenPagesStore } from "../ports/open-pages.ts";

/** Has a page hear of whatever happens at the owner that its reader acts for. @returns the answer that opens a WebSocket. */
export function listenToOwner(
  { openPages }: { readonly openPages: OpenPagesStore },
  { ownerId }: ActingAdministrator,
): Promise<Response> {
  return openPages.listen(ownerId);
}
