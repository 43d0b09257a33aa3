import { compactVerify, decodeProtectedHeader, errors } from "jose";
import type { Documents } from "../operations/ports/document.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import { discoveryReader, discoveryUrl } from "../protocol/discovery.ts";
import type { JwtPayload, KeySource } from "../protocol/jwt.ts";
import { findCandidates, readKeySet, type VerificationKeySet } from "../protocol/key-set.ts";
import { FetchRefused, type UnreadDocument } from "../protocol/public-document.ts";

/** A signature that does not count; the message, which says why, is for the operator only. */
export class VerificationFailed extends Error {
  override readonly name = "VerificationFailed";

  /** Whether it could not even be tried, as the keys could not be had. */
  get lacksKeys(): boolean {
    return this.cause instanceof FetchRefused;
  }
}

/** Verifies what trusted issuers and clients sign, with keys held here or fetched from where they publish them. */
export class KeySets {
  readonly #documents: Documents;
  readonly #ownIssuer: string;
  /** Key sets that clients and issuers were registered with, for as long as a copy of these is in use. */
  readonly #held = new WeakMap<object, VerificationKeySet>();

  /** @param ownIssuer ours, which tells whether we run on loopback. */
  constructor(documents: Documents, ownIssuer: string) {
    this.#documents = documents;
    this.#ownIssuer = ownIssuer;
  }

  /**
   * @returns the payload of a JWT of good signature; its claims are not checked.
   * @throws VerificationFailed for every fault: of the token, of the keys, or of the host that should give them.
   */
  async verify(token: string, source: KeySource, now: number): Promise<JwtPayload> {
    try {
      if (source.jwks) return await verifyWith(this.#readHeld(source.jwks), token);
      if (source.jwksUri !== null) return await this.#verifyPublished(token, source.jwksUri, now);
      if (source.issuer !== undefined) return await this.#verifyDiscovered(token, source.issuer, now);
    } catch (error) {
      throw new VerificationFailed(reasonOf(error), { cause: error });
    }
    throw new VerificationFailed("no keys");
  }

  #readHeld(jwks: object): VerificationKeySet {
    const read = this.#held.get(jwks) ?? readKeySet(jwks) ?? { keys: [] };
    this.#held.set(jwks, read);
    return read;
  }

  /**
   * Fetches anew what a source publishes; nothing changes where its host fails.
   * @returns what could not be read; null when everything was, or there is nothing to fetch.
   */
  async renew({ jwks, jwksUri, issuer }: KeySource, now: number): Promise<UnreadDocument | null> {
    if (jwks) return null;
    if (jwksUri !== null) return this.#renewKeySet(jwksUri, now);
    return issuer === undefined ? null : this.#renewDiscovered(issuer, now);
  }

  async #renewDiscovered(issuer: string, now: number): Promise<UnreadDocument | null> {
    const url = discoveryUrl(issuer);
    try {
      const read = discoveryReader(issuer, this.#ownIssuer);
      const { jwks_uri } = await this.#documents.renew(url, read, now);
      return await this.#renewKeySet(jwks_uri, now);
    } catch (error) {
      return unread("discovery document", url, error);
    }
  }

  async #renewKeySet(url: string, now: number): Promise<UnreadDocument | null> {
    try {
      await this.#documents.renew(url, readKeySet, now);
      return null;
    } catch (error) {
      return unread("key set", url, error);
    }
  }

  /**
   * Keys that verify nothing may be old ones: there may be another, also under a known kid. That is worth a look at the
   * source, which the documents allow once per cool-down.
   */
  async #verifyPublished(token: string, url: string, now: number): Promise<JwtPayload> {
    const keySet = await this.#documents.load(url, readKeySet, now);
    try {
      return await verifyWith(keySet, token);
    } catch (error) {
      const renewed = await this.#documents.reload(url, readKeySet, now);
      if (renewed === null) throw error;
      return verifyWith(renewed, token);
    }
  }

  /** Where an issuer publishes its keys, its discovery document says (OIDC Discovery §4); it may have moved them. */
  async #verifyDiscovered(token: string, issuer: string, now: number): Promise<JwtPayload> {
    const url = discoveryUrl(issuer);
    const read = discoveryReader(issuer, this.#ownIssuer);
    const discovery = await this.#documents.load(url, read, now);
    try {
      return await this.#verifyPublished(token, discovery.jwks_uri, now);
    } catch (error) {
      const renewed = await this.#documents.reload(url, read, now);
      if (renewed === null || renewed.jwks_uri === discovery.jwks_uri) throw error;
      return this.#verifyPublished(token, renewed.jwks_uri, now);
    }
  }
}

async function verifyWith(keySet: VerificationKeySet, token: string): Promise<JwtPayload> {
  const header = decodeProtectedHeader(token);
  let fault: unknown = new errors.JWKSNoMatchingKey();
  for (const jwk of findCandidates(keySet, header)) {
    try {
      // jose imports a key once for as long as its object lives.
      return readClaims((await compactVerify(token, jwk, { algorithms: [...ACCEPTED_ALGORITHMS] })).payload);
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

function readClaims(payload: Uint8Array): JwtPayload {
  const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) throw new errors.JWTInvalid("no object");
  return { ...claims };
}

function unread(document: UnreadDocument["document"], url: string, error: unknown): UnreadDocument {
  if (error instanceof FetchRefused) return { document, url, reason: error.message };
  throw error;
}

/** Keys of others may be broken in any way, so an error of any kind only means that the signature does not count. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JOSEError) return error.code;
  return error instanceof FetchRefused ? `fetch: ${error.message}` : "unusable key";
}
