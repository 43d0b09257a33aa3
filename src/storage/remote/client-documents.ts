import type { Documents } from "../../operations/ports/document.ts";
import type { Client } from "../../protocol/client.ts";
import { clientDocumentReader, clientOfDocument, isClientUrl } from "../../protocol/client-document.ts";
import type { MetadataTerms } from "../../protocol/client-metadata.ts";
import { type DocumentReader, FetchRefused } from "../../protocol/public-document.ts";
import { MAX_NEW_DOCUMENTS_PER_MINUTE } from "../../shared/limits.ts";
import { RecentlyUsed } from "../../shared/recently-used.ts";
import { epochSeconds, MINUTE } from "../../shared/time.ts";
import type { DescribedClients } from "../d1/clients.ts";

/** Those that an isolate knows to be described: to ask for them again costs no host anything new. */
const MAX_KNOWN = 1_000;

interface ClientDocumentSource extends Pick<Documents, "load"> {
  /** Whether there is a copy that any isolate may use. Nobody is asked. */
  isKept(url: string, read: DocumentReader<unknown>, now: number): Promise<boolean>;
}

/** Clients that nobody registered, by the documents that describe them (Client ID Metadata Document). */
export class ClientDocuments implements DescribedClients {
  readonly #documents: ClientDocumentSource;
  readonly #config: MetadataTerms["config"];
  readonly #known = new RecentlyUsed<true>(MAX_KNOWN);
  #minute = 0;
  #newOnes = 0;

  constructor(documents: ClientDocumentSource, config: MetadataTerms["config"]) {
    this.#documents = documents;
    this.#config = config;
  }

  isDescribed(id: string): boolean {
    return isClientUrl(id, this.#config.issuer);
  }

  async find(url: string): Promise<Client | null> {
    const now = epochSeconds();
    const read = clientDocumentReader(url, this.#config);
    const mayLook = this.#known.get(url) !== undefined || this.#mayAskNew(now);
    if (!mayLook && !(await this.#documents.isKept(url, read, now))) return null;
    try {
      const document = await this.#documents.load(url, read, now);
      this.#known.keep(url, true);
      return clientOfDocument(document, url, this.#config);
    } catch (error) {
      if (error instanceof FetchRefused) return null;
      throw error;
    }
  }

  /**
   * INVARIANT: strangers name these URLs, so no number of requests has an isolate ask more hosts than this. Those that are
   * known to be described, here or to another isolate, are served all the while.
   */
  #mayAskNew(now: number): boolean {
    const minute = Math.floor(now / MINUTE);
    this.#newOnes = minute === this.#minute ? this.#newOnes + 1 : 1;
    this.#minute = minute;
    return this.#newOnes <= MAX_NEW_DOCUMENTS_PER_MINUTE;
  }
}
