import { DAY, MINUTE } from "../shared/time.ts";

/** Public documents of others (key sets, discovery documents) and how long a copy may be used. Seconds. */

/** Until then a copy is as good as the document. */
export const DOCUMENT_FRESH_SECONDS = 10 * MINUTE;
/** While its host cannot be reached, a copy serves for so long. */
export const DOCUMENT_KEPT_SECONDS = DAY;
/** How long to leave a host alone after asking it, however many unknown key ids come in. */
export const DOCUMENT_COOL_DOWN_SECONDS = 30;

export interface PublicDocument {
  readonly body: Readonly<Record<string, unknown>>;
  /** Epoch seconds. */
  readonly fetchedAt: number;
}

export function isFresh(document: PublicDocument, now: number): boolean {
  return now < document.fetchedAt + DOCUMENT_FRESH_SECONDS;
}

export function isUsable(document: PublicDocument, now: number): boolean {
  return now < document.fetchedAt + DOCUMENT_KEPT_SECONDS;
}

/** Why a document was not taken; for logs only. */
export class FetchRefused extends Error {
  override readonly name = "FetchRefused";
}
