import { DAY, MINUTE } from "../shared/time.ts";

/** Public documents of others (key sets, discovery documents) and how long a copy may be used. Seconds. */

/** Until then a copy is as good as the document. */
export const DOCUMENT_FRESH_SECONDS = 10 * MINUTE;
/** While its host cannot be reached or answers with something else, a copy serves for so long. */
export const DOCUMENT_KEPT_SECONDS = DAY;
/** How long to leave a host alone after asking it, however many tokens come in that its keys do not verify. */
export const DOCUMENT_COOL_DOWN_SECONDS = 30;
/**
 * How long an isolate relies on its memory before it looks at what isolates share, and how old what it sees there may
 * be: what an operator had fetched afresh is used everywhere after the sum of both.
 */
export const DOCUMENT_MEMORY_SECONDS = 30;
export const DOCUMENT_SHARED_LAG_SECONDS = 30;

export interface PublicDocument<Content = unknown> {
  readonly content: Content;
  /** Epoch seconds. */
  readonly fetchedAt: number;
}

/**
 * Takes what is needed from a body; null when that is no such document. Only what was read is kept, and it is read again
 * when it is used, so reading what was read must give the same.
 */
export type DocumentReader<Content> = (body: unknown) => Content | null;

export function isFresh(document: PublicDocument, now: number): boolean {
  return now < document.fetchedAt + DOCUMENT_FRESH_SECONDS;
}

export function isUsable(document: PublicDocument, now: number): boolean {
  return now < document.fetchedAt + DOCUMENT_KEPT_SECONDS;
}

/** Why a document was not taken; for logs and for the operator. */
export class FetchRefused extends Error {
  override readonly name = "FetchRefused";
}

/** A document that an operator's entry leads to, and that was not taken. */
export interface UnreadDocument {
  readonly document: "discovery document" | "key set";
  readonly url: string;
  readonly reason: string;
}

const MUST_BE: Readonly<Record<UnreadDocument["document"], string>> = {
  "discovery document": "it must name exactly this issuer, and a jwks_uri at a public host",
  "key set": "it must have a key for a signature algorithm that is accepted",
};

export function describeUnread({ document, url, reason }: UnreadDocument): string {
  return `the ${document} at ${url} could not be read (${reason}); ${MUST_BE[document]}`;
}
