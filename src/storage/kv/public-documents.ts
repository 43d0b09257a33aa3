import * as v from "valibot";
import {
  DOCUMENT_KEPT_SECONDS,
  DOCUMENT_SHARED_LAG_SECONDS,
  type PublicDocument,
} from "../../protocol/public-document.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { sha256 } from "../../shared/sha-256.ts";

const Kept = v.object({ content: v.unknown(), fetchedAt: v.number() });

/**
 * Copies of public documents, shared by all isolates of a location. KV may be a minute behind, which a copy that is
 * good for ten bears easily; and it may fail, in which case each isolate fetches for itself.
 */
export class KvPublicDocuments {
  readonly #namespace: KVNamespace;

  constructor(namespace: KVNamespace) {
    this.#namespace = namespace;
  }

  async find(url: string): Promise<PublicDocument | null> {
    try {
      const options = { type: "json", cacheTtl: DOCUMENT_SHARED_LAG_SECONDS } as const;
      const kept = v.safeParse(Kept, await this.#namespace.get(await keyOf(url), options));
      return kept.success ? kept.output : null;
    } catch {
      return null;
    }
  }

  async keep(url: string, document: PublicDocument): Promise<void> {
    try {
      await this.#namespace.put(await keyOf(url), JSON.stringify(document), { expirationTtl: DOCUMENT_KEPT_SECONDS });
    } catch {
      // A copy that could not be kept costs one more fetch, no more.
    }
  }
}

/** A URL may be longer than a key of KV (512 bytes). */
async function keyOf(url: string): Promise<string> {
  return `document:${encodeBase64url(await sha256(url))}`;
}
