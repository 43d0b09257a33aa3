import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";

/** The page on which a requesting party shows who they are (Grant §3.3.2), below the issuer. */
export const INTERACTION = `${ENDPOINTS.claims}/interaction`;

/** @param at the visit, sealed. */
export function interactionPath(at: string): string {
  return `${INTERACTION}?at=${encodeURIComponent(at)}`;
}

/** @param path of ours, below the issuer. @returns the visit that it leads to, sealed; null: it leads elsewhere. */
export function visitIn(path: string): string | null {
  const [page, query] = path.split("?");
  return page === INTERACTION ? new URLSearchParams(query).get("at") : null;
}
