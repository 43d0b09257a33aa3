import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { KeySets } from "../../src/crypto/key-sets.ts";
import { KeyCache } from "../../src/keys/cache.ts";
import type { KeyDescription } from "../../src/keys/key.ts";
import type { KeyRingObject, RingReply } from "../../src/keys/object.ts";
import type { KeyRing } from "../../src/keys/ring.ts";
import { KvPublicDocuments } from "../../src/storage/kv/public-documents.ts";
import { type PublicDocuments, RemoteDocuments } from "../../src/storage/remote/documents.ts";
import { createGuardedFetch } from "../../src/storage/remote/guarded-fetch.ts";

export const ISSUER = "https://usher.example";
export const START = 1_900_000_000;

/** A ring of its own for a test, and how often it was asked. */
export class TestRing implements Pick<KeyRing, "keys"> {
  readonly stub: DurableObjectStub<KeyRingObject> = env.KEY_RING.get(env.KEY_RING.newUniqueId());
  asked = 0;
  reachable = true;

  async keys() {
    this.asked += 1;
    if (!this.reachable) throw new Error("Network connection lost");
    return opened(await this.stub.keys("ES256"));
  }

  async rotate(): Promise<readonly KeyDescription[]> {
    return opened(await this.stub.rotate("ES256"));
  }

  /** The cache of another isolate. */
  cache(): KeyCache {
    return new KeyCache(this);
  }
}

function opened<T>(reply: RingReply<T>): T {
  if (reply.outcome === "locked") throw new Error("the ring is locked");
  return reply.value;
}

/** Somebody else who signs: a trusted issuer, or a client with private_key_jwt. */
export class Signer {
  readonly kid: string;
  readonly alg: string;
  readonly #privateKey: CryptoKey;
  readonly publicJwk: JWK;

  private constructor(kid: string, alg: string, privateKey: CryptoKey, publicJwk: JWK) {
    this.kid = kid;
    this.alg = alg;
    this.#privateKey = privateKey;
    this.publicJwk = publicJwk;
  }

  static async create(kid: string, alg = "ES256"): Promise<Signer> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return new Signer(kid, alg, privateKey, { ...(await exportJWK(publicKey)), kid, alg, use: "sig" });
  }

  async sign(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT(payload).setProtectedHeader({ alg: this.alg, kid: this.kid, ...header }).sign(this.#privateKey);
  }
}

/** The hosts of the world: what they answer, and what they were asked. */
export class World {
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

  /** The key sets of another isolate in this world. */
  keySets(documents: PublicDocuments = new KvPublicDocuments(env.PUBLIC_DOCUMENTS)): KeySets {
    return new KeySets(new RemoteDocuments(createGuardedFetch(this.fetch, ISSUER), documents));
  }
}

let made = 0;

/** A host that no other test uses, since KV is shared. */
export function freshHost(): string {
  made += 1;
  return `https://host-${made}-${crypto.randomUUID()}.example`;
}
