import { waitUntil } from "cloudflare:workers";
import type { Documents } from "../../operations/ports/document.ts";
import {
  DOCUMENT_COOL_DOWN_SECONDS,
  DOCUMENT_MEMORY_SECONDS,
  type DocumentReader,
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

/** What an isolate knows of one URL. Times are epoch seconds. */
interface Known {
  copy: PublicDocument | null;
  /** When the copy was last compared with the one that isolates share. */
  comparedAt: number;
  askedAt: number;
  asking: boolean;
  /** Why the last answer was not taken. */
  fault: string;
}

/** A document has 200 KB at most once it is read; an isolate has 128 MB for everything, and three of these (services.ts). */
const MAX_REMEMBERED = 100;
/** Others wait for an answer that is under way, a little longer than it may take. */
const WAIT_MILLISECONDS = 25;
const MAX_WAITS = 240;

/** Documents of others, by URL: from memory, else from KV, else from their host. */
export class RemoteDocuments implements Documents {
  readonly #fetch: GuardedFetch;
  readonly #shared: PublicDocuments;
  readonly #known = new Map<string, Known>();

  constructor(fetch: GuardedFetch, shared: PublicDocuments) {
    this.#fetch = fetch;
    this.#shared = shared;
  }

  /**
   * While its host fails, or answers with anything else than such a document, a copy of up to a day serves.
   * @throws FetchRefused when there is none.
   */
  async load<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content> {
    const copy = await this.#findCopy(url, read, now);
    if (copy && isFresh(copy, now)) return copy.content;
    const known = this.#knownOf(url);
    // Whoever has a copy need not wait for another's question.
    const content = copy && isCooling(known, now) ? null : await this.reload(url, read, now);
    if (content !== null) return content;
    if (copy) return copy.content;
    throw new FetchRefused(known.fault);
  }

  /**
   * Whether isolates share a copy that may be used. No host is asked, and this isolate remembers nothing of it, so that
   * whoever names many URLs does not push out what others need.
   */
  async isKept(url: string, read: DocumentReader<unknown>, now: number): Promise<boolean> {
    const shared = await this.#findShared(url, read);
    return shared !== null && isUsable(shared, now);
  }

  /** INVARIANT: no matter who calls how often, an isolate asks a host once per cool-down (`renew` is the operator's). */
  async reload<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content | null> {
    const known = this.#knownOf(url);
    if (isCooling(known, now)) return known.asking ? readCopy(await answered(known), read, now) : null;
    known.askedAt = now;
    known.asking = true;
    const looking = this.#look(url, known, read, now).finally(() => {
      known.asking = false;
    });
    // A stranger who hangs up must not leave everybody else without the answer for a cool-down.
    waitUntil(looking);
    return looking;
  }

  async renew<Content>(url: string, read: DocumentReader<Content>, now: number): Promise<Content> {
    const known = this.#knownOf(url);
    const content = await this.#fetchAndKeep(url, known, read, now);
    if (content === null) throw new FetchRefused(known.fault);
    return content;
  }

  /** Another isolate may have asked the host just now. */
  async #look<Content>(url: string, known: Known, read: DocumentReader<Content>, now: number): Promise<Content | null> {
    const shared = await this.#findShared(url, read);
    const isNews = shared !== null && shared.fetchedAt > (known.copy?.fetchedAt ?? 0);
    if (!isNews || now >= shared.fetchedAt + DOCUMENT_COOL_DOWN_SECONDS) {
      return this.#fetchAndKeep(url, known, read, now);
    }
    known.copy = shared;
    known.comparedAt = now;
    return shared.content;
  }

  async #fetchAndKeep<Content>(
    url: string,
    known: Known,
    read: DocumentReader<Content>,
    now: number,
  ): Promise<Content | null> {
    try {
      const content = read(await this.#fetch(url));
      if (content === null) throw new FetchRefused("no such document");
      // A slow answer must not undo what an operator had fetched meanwhile.
      if (known.copy && known.copy.fetchedAt > now) return readCopy(known.copy, read, now);
      known.copy = { content, fetchedAt: now };
      known.comparedAt = now;
      known.askedAt = now;
      await this.#shared.keep(url, known.copy);
      return content;
    } catch (error) {
      if (!(error instanceof FetchRefused)) throw error;
      known.fault = error.message;
      return null;
    }
  }

  async #findCopy<Content>(
    url: string,
    read: DocumentReader<Content>,
    now: number,
  ): Promise<PublicDocument<Content> | null> {
    const known = this.#knownOf(url);
    if (known.copy === null || now >= known.comparedAt + DOCUMENT_MEMORY_SECONDS) {
      const shared = await this.#findShared(url, read);
      if (shared && shared.fetchedAt >= (known.copy?.fetchedAt ?? 0)) known.copy = shared;
      known.comparedAt = now;
    }
    const content = readCopy(known.copy, read, now);
    return known.copy && content !== null ? { content, fetchedAt: known.copy.fetchedAt } : null;
  }

  async #findShared<Content>(url: string, read: DocumentReader<Content>): Promise<PublicDocument<Content> | null> {
    const shared = await this.#shared.find(url);
    const content = shared && read(shared.content);
    return shared && content !== null ? { content, fetchedAt: shared.fetchedAt } : null;
  }

  /** The least recently used goes first. */
  #knownOf(url: string): Known {
    const known = this.#known.get(url) ?? nothingKnown();
    this.#known.delete(url);
    this.#known.set(url, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}

function nothingKnown(): Known {
  return { copy: null, comparedAt: 0, askedAt: 0, asking: false, fault: "unavailable" };
}

function isCooling({ askedAt }: Known, now: number): boolean {
  return now < askedAt + DOCUMENT_COOL_DOWN_SECONDS;
}

function readCopy<Content>(copy: PublicDocument | null, read: DocumentReader<Content>, now: number): Content | null {
  return copy && isUsable(copy, now) ? read(copy.content) : null;
}

/** No request may wait for the I/O of another, so it looks from time to time whether the answer has come. */
async function answered(known: Known): Promise<PublicDocument | null> {
  for (let waits = 0; known.asking && waits < MAX_WAITS; waits += 1) await scheduler.wait(WAIT_MILLISECONDS);
  return known.copy;
}
