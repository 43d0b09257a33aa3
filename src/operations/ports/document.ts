import type { DocumentReader } from "../../protocol/public-document.ts";

/**
 * Public documents of others, by URL: from memory, from what isolates share, or from their host. Every call brings the
 * reader that tells such a document from anything else a host may answer.
 */
export interface Documents {
  /** @throws FetchRefused when there is no copy that may be used. */
  load<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content>;
  /** Looks again. @returns null when the host has nothing better, or was asked a moment ago and is left alone. */
  reload<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content | null>;
  /** Fetches in any case, for an operator. @throws FetchRefused, and nothing has changed, when the host fails. */
  renew<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content>;
}
