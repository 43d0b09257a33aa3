import type { Documents } from "../../operations/ports/document.ts";
import {
  DOCUMENT_COOL_DOWN_SECONDS,
  FetchRefused,
  isFresh,
  isUsable,
  type PublicDocument,
} from "../../protocol/public-document.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";

/** Copies that isolates share: KV. Neither method throws, so that an outage of KV costs fetches and nothing else. */
export interface PublicDocuments {
  find(url: string): Promise<PublicDocument | null>;
  keep(url: string, document: PublicDocument): Promise<void>;
}

/** Documents of others, by URL: from memory, else from KV, else from their host. */
export class RemoteDocuments implements Documents {
  readonly #fetch: GuardedFetch;
  readonly #shared: PublicDocuments;
  readonly #memory = new Map<string, PublicDocument>();
  readonly #askedAt = new Map<string, number>();

  constructor(fetch: GuardedFetch, shared: PublicDocuments) {
    this.#fetch = fetch;
    this.#shared = shared;
  }

  /**
   * While its host fails, a copy of up to a day serves.
   * @throws FetchRefused when there is none.
   */
  async load(url: string, now: number): Promise<PublicDocument> {
    const copy = await this.#findCopy(url, now);
    if (copy && isFresh(copy, now)) return copy;
    const document = copy ? ((await this.reload(url, now)) ?? copy) : await this.#loadFirst(url, now);
    if (!document) throw new FetchRefused("unavailable");
    return document;
  }

  /** Fetches anew. @returns null when the host fails, or was asked a moment ago and is left alone. */
  async reload(url: string, now: number): Promise<PublicDocument | null> {
    if (this.#isCooling(url, now)) return null;
    this.#askedAt.set(url, now);
    return this.#fetchAndKeep(url, now);
  }

  /**
   * Requests that come together before there is any copy all fetch: none may wait for the I/O of another, and turning
   * them away would refuse good tokens.
   */
  async #loadFirst(url: string, now: number): Promise<PublicDocument | null> {
    if (this.#isCooling(url, now)) return null;
    const document = await this.#fetchAndKeep(url, now);
    this.#askedAt.set(url, now);
    return document;
  }

  #isCooling(url: string, now: number): boolean {
    const askedAt = this.#askedAt.get(url);
    return askedAt !== undefined && now < askedAt + DOCUMENT_COOL_DOWN_SECONDS;
  }

  async #fetchAndKeep(url: string, now: number): Promise<PublicDocument | null> {
    try {
      const document = { body: await this.#fetch(url), fetchedAt: now };
      this.#memory.set(url, document);
      await this.#shared.keep(url, document);
      return document;
    } catch (error) {
      if (error instanceof FetchRefused) return null;
      throw error;
    }
  }

  async #findCopy(url: string, now: number): Promise<PublicDocument | null> {
    const own = this.#memory.get(url) ?? null;
    if (own && isFresh(own, now)) return own;
    const shared = await this.#shared.find(url);
    const copy = shared && shared.fetchedAt > (own?.fetchedAt ?? 0) ? shared : own;
    if (!copy || !isUsable(copy, now)) return null;
    this.#memory.set(url, copy);
    return copy;
  }
}
