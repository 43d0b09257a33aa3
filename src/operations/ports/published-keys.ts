import type { KeySource } from "../../protocol/jwt.ts";
import type { UnreadDocument } from "../../protocol/public-document.ts";

/** What clients and trusted issuers publish about their keys. */
export interface PublishedKeys {
  /**
   * Fetches anew what the source publishes, so that what an operator just wrote counts with the keys of this moment.
   * A host that fails now is asked again when a token comes.
   * @returns what could not be read; null when everything was, and for keys that are held here.
   */
  renew(source: KeySource): Promise<UnreadDocument | null>;
}
