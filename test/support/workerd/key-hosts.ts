import { env } from "cloudflare:workers";
import { KeySets } from "../../../src/crypto/key-sets.ts";
import { KvPublicDocuments } from "../../../src/storage/kv/public-documents.ts";
import { type PublicDocuments, RemoteDocuments } from "../../../src/storage/remote/documents.ts";
import { createGuardedFetch } from "../../../src/storage/remote/guarded-fetch.ts";
import { ISSUER } from "../pure/signer.ts";

/** The hosts where others keep their keys: what they answer, and what they were asked. */
export class KeyHosts {
  readonly #answers = new Map<string, () => Response | Promise<Response>>();
  readonly asked: string[] = [];

  serves(url: string, body: unknown): void {
    this.answers(url, () => Response.json(body));
  }

  answers(url: string, answer: () => Response | Promise<Response>): void {
    this.#answers.set(url, answer);
  }

  fails(url: string): void {
    this.#answers.delete(url);
  }

  readonly fetch: typeof fetch = async (input) => {
    const url = String(input);
    this.asked.push(url);
    const answer = this.#answers.get(url);
    if (!answer) throw new TypeError("Network connection lost");
    return answer();
  };

  /** The key sets of another isolate that asks these hosts. */
  keySets(documents: PublicDocuments = new KvPublicDocuments(env.PUBLIC_DOCUMENTS)): KeySets {
    return new KeySets(new RemoteDocuments(createGuardedFetch(this.fetch, ISSUER), documents), ISSUER);
  }
}

let made = 0;

/** A host that no other test uses, since KV is shared. */
export function freshHost(): string {
  made += 1;
  return `https://host-${made}-${crypto.randomUUID()}.example`;
}
