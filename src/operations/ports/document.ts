import type { PublicDocument } from "../../protocol/public-document.ts";

/** Public documents of others, by URL: from memory, from what isolates share, or from their host. */
export interface Documents {
  /** @throws FetchRefused when there is no copy that may be used. */
  load(url: string, now: number): Promise<PublicDocument>;
  /** Fetches anew. @returns null when the host fails, or was asked a moment ago and is left alone. */
  reload(url: string, now: number): Promise<PublicDocument | null>;
}
