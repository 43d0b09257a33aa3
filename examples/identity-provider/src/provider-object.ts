import { DurableObject } from "cloudflare:workers";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";

import type { Level } from "./sign-in-request.ts";

const ALGORITHM = "ES256";

/** An authorization code lives this long; the app comes back at once (RFC 6749 §4.1.2). */
const CODE_LIFETIME_SECONDS = 60;

/** What a code stands for until it is redeemed. */
export interface CodeGrant {
  readonly clientId: string;
  readonly handle: string;
  readonly level: Level;
  readonly nonce: string;
  readonly codeChallenge: string;
  /** Epoch seconds. */
  readonly authenticatedAt: number;
}

/** Keeps what must not be lost or doubled: the signing key, made at first use, and the codes that wait. */
export class ProviderObject extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // Two first requests at once must not make two keys.
    ctx.blockConcurrencyWhile(() => this.#makeKeyOnce());
  }

  async #makeKeyOnce(): Promise<void> {
    if (this.ctx.storage.kv.get("key") !== undefined) return;
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const jwk = await exportJWK(privateKey);
    this.ctx.storage.kv.put("key", { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: "sig" });
  }

  #key(): JWK {
    return this.ctx.storage.kv.get<JWK>("key") ?? {};
  }

  /** The public JWK Set (RFC 7517 §5); the private member `d` stays here. */
  publicKeys(): { keys: JWK[] } {
    const { d: _private, ...key } = this.#key();
    return { keys: [key] };
  }

  async sign(claims: JWTPayload): Promise<string> {
    const key = this.#key();
    const header = { alg: ALGORITHM, kid: key.kid ?? "", typ: "JWT" };
    return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(key, ALGORITHM));
  }

  keepCode(code: string, grant: CodeGrant): void {
    for (const [key, old] of this.ctx.storage.kv.list<CodeGrant>({ prefix: "code:" })) {
      if (old.authenticatedAt + CODE_LIFETIME_SECONDS < grant.authenticatedAt) this.ctx.storage.kv.delete(key);
    }
    this.ctx.storage.kv.put(`code:${code}`, grant);
  }

  /** INVARIANT: a code is answered once; reading and deleting are one step, as nothing is awaited between them. */
  redeemCode(code: string, now: number): CodeGrant | null {
    const grant = this.ctx.storage.kv.get<CodeGrant>(`code:${code}`);
    this.ctx.storage.kv.delete(`code:${code}`);
    return grant !== undefined && now <= grant.authenticatedAt + CODE_LIFETIME_SECONDS ? grant : null;
  }
}
